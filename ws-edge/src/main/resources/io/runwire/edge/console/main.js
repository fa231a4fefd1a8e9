/*
 * The console. What the SDK hands on is folded into a Timeline; Timeline and everything else that is shown stand in the
 * Model; page(model) draws it. People act through Actions. Nothing else changes the model, nothing else draws.
 */
import { Actions } from './actions.js';
import { Connection } from './connection.js';
import { fetchConfig } from './edge.js';
import { render } from './lib.js';
import { Model } from './model.js';
import { RunList } from './runs.js';
import { DevelopmentSession, PastedSession } from './session.js';
import { standUp } from './view/drawer.js';
import { followTheEnd } from './view/following.js';
import { page } from './view/page.js';

/** How often durations tick while a run is going, and how often the rest of the page ages. */
const TICK_MS = 100;
const IDLE_TICK_MS = 1_000;
/** During a replay most of what is drawn is past at once, so drawing waits. */
const REPLAY_PAUSE_MS = 100;

const root = document.getElementById('console');
const model = new Model(schedule);
let actions;
let scheduled = false;

/** However much has changed, the page is drawn once per frame of the screen at most. */
function schedule() {
  if (scheduled) return;
  scheduled = true;
  if (model.subscription.state === 'replaying') setTimeout(() => requestAnimationFrame(draw), REPLAY_PAUSE_MS);
  else requestAnimationFrame(draw);
}

function draw() {
  scheduled = false;
  render(page(model, actions), root);
  followTheEnd(model);
  standUp(model);
}

function tick() {
  const run = model.timeline?.current;
  const busy = (run && !run.ended) || (model.interruption && !model.interruption.over) || model.connection.state !== 'live';
  setTimeout(tick, busy ? TICK_MS : IDLE_TICK_MS);
  if (!document.hidden) schedule();
}

async function start() {
  try {
    model.config = await fetchConfig();
  } catch {
    model.phase = 'unreachable';
    return model.changed();
  }
  const session = model.config.development ? new DevelopmentSession() : new PastedSession();
  actions = new Actions({
    model,
    session,
    connection: new Connection(model, session),
    runList: new RunList(model, session),
  });
  addEventListener('hashchange', () => actions.goWhereTheHashPoints());
  return session.signedIn ? actions.enter() : actions.leave();
}

draw();
tick();
start();
