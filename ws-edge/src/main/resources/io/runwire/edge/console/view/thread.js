import { count } from '../format.js';
import { html, nothing, repeat } from '../lib.js';
import { isOver } from '../states.js';
import { atTheEnd } from './following.js';
import { downIcon } from './icons.js';
import { run as runView } from './run.js';
import { opening, refused, waiting, welcome } from './states.js';
import { strip } from './strip.js';

/** The newest runs stand open; older ones open on demand. */
const RUNS_OPEN = 3;

const REACHES = {
  earliest: 'from its beginning',
  open: 'runs that are still going; earlier ones need the action “history”',
};

export function thread(model, actions) {
  const { timeline, subscription, connection } = model;
  const ended = isOver(subscription.state) || isOver(connection.state);
  const verdict = ended ? refused(model, actions) : nothing;
  if (!timeline) return html`<div class="timeline-frame">${verdict}<div class="scroller">${welcome(model)}</div></div>`;
  return html`<header class="thread-head">
      <h1>${timeline.thread}</h1>
      <span class="thread-about">${ended ? '' : (REACHES[subscription.from] ?? '')}</span>
      <span class="count">${timeline.received ? count(timeline.received, 'event') : ''}</span>
    </header>
    <div class="timeline-frame">
      ${verdict} ${ended ? nothing : strip(model, actions)} ${scroller(model, actions, ended)} ${jump(model, actions)}
    </div>`;
}

function scroller(model, actions, ended) {
  const { timeline, view } = model;
  const { current, lost, doubled } = timeline;
  const scrolled = ({ target }) => {
    const following = atTheEnd(target);
    if (following !== view.following) actions.show({ following });
  };
  return html`<div id="timeline" class="scroller" tabindex="0" role="region" aria-label="Timeline" @scroll=${scrolled}
    data-thread=${timeline.thread} data-run=${current?.id ?? nothing} data-status=${current?.status ?? nothing}
    data-last-seq=${current?.proof.last ?? 0} data-lost=${lost} data-doubled=${doubled}>
    ${timeline.dropped ? html`<p class="trim">${count(timeline.dropped, 'earlier run')} not kept on this page</p>` : nothing}
    ${repeat(
      timeline.runs,
      ({ id }) => id,
      (run, i) => runView(run, { recent: i >= timeline.runs.length - RUNS_OPEN, view, actions }),
    )}
    ${timeline.runs.length === 0 && !ended ? nothingYet(model) : nothing}
  </div>`;
}

function nothingYet({ subscription, timeline, connection }) {
  return subscription.state === 'live' ? waiting(timeline.thread) : opening(connection);
}

function jump({ view, timeline }, actions) {
  if (view.following || !timeline.current) return nothing;
  return html`<button type="button" class="jump" @click=${() => actions.show({ following: true })}>${downIcon}Latest</button>`;
}
