import { count, duration, latency, timeOfDay } from '../format.js';
import { html, live, nothing, repeat } from '../lib.js';
import { SPEEDS } from '../player.js';
import { MOST_CHARS, MOST_EVENTS } from '../recording.js';
import { backIcon, closeIcon, endIcon, forthIcon, glyph, pauseIcon, playIcon, startIcon, warnIcon } from './icons.js';
import { run as runView } from './run.js';

/** Events that stand in the list, those before the current one and those behind. */
const LISTED_BEFORE = 12;
const LISTED_AFTER = 12;

/** Steps of the slider when it counts time. */
const TIME_STEPS = 500;

/** A finished run, to be looked at again: over the rest of the page, which waits. */
export function drawer({ drawer: shown }, actions) {
  if (!shown) return nothing;
  const { row, player } = shown;
  return html`<dialog id="drawer" aria-labelledby="drawer-title" data-status=${shown.status} data-position=${player.position}
    data-length=${shown.recording.length} data-playing=${player.playing}
    @close=${() => actions.closeReplay()} @click=${beside} @keydown=${keys(player)}>
    <div class="drawer">
      <header class="drawer-head">
        ${glyph(row.status)}
        <div><h2 id="drawer-title">Replay of ${row.thread}</h2><code class="run-id">${row.run}</code></div>
        <span class="count">${timeOfDay(row.startedAt)} · ${duration(row.endedAt - row.startedAt)}</span>
        <button type="button" class="icon-button" aria-label="Close" @click=${close}>${closeIcon}</button>
      </header>
      ${told(shown)}
      <div class="drawer-body">${stage(shown, actions)}${list(shown)}</div>
      ${controls(shown, actions)}
    </div>
  </dialog>`;
}

/** Which position of a player was drawn last. */
const drawnAt = new WeakMap();

/** After drawing: a dialog that has just come is opened as one, and after a move what it is about is in view. */
export function standUp({ drawer: shown }) {
  const dialog = document.getElementById('drawer');
  if (!dialog) return;
  if (!dialog.open) {
    dialog.showModal();
    dialog.querySelector('#drawer-play').focus();
  }
  const { player } = shown;
  if (drawnAt.get(player) === player.position) return;
  drawnAt.set(player, player.position);
  const stage = dialog.querySelector('.drawer-stage');
  stage.scrollTop = stage.scrollHeight;
  dialog.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' });
}

/** As a dialog, so that the focus goes back to where it came from. */
function close({ target }) {
  target.closest('dialog').close();
}

/** A click beside the drawer closes it. */
function beside({ target, currentTarget }) {
  if (target === currentTarget) currentTarget.close();
}

function keys(player) {
  const deeds = {
    ' ': () => player.toggle(),
    ArrowLeft: () => player.step(-1),
    ArrowRight: () => player.step(1),
    Home: () => player.seek(0),
    End: () => player.seek(Infinity),
  };
  return (event) => {
    // A button and the slider have their own answer to some keys.
    const own = event.target.closest('button') ? event.key === ' ' : event.target.matches('input') && event.key !== ' ';
    if (own || !deeds[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    deeds[event.key]();
  };
}

const PROBLEMS = {
  forbidden: ['This token may not read the past', 'Ask for one with the action “history” on this thread.'],
  expired: ['The session has expired', 'With a new token the run can be read again.'],
  unreachable: ['The edge does not answer', 'It was asked again and again. What came before stands below.'],
};

/** How far the recording is here, where there is something to say of it. */
function told({ status, problem, interruptions, recording }) {
  if (status === 'whole') return nothing;
  const cut = interruptions ? `, cut off and continued ${interruptions === 1 ? 'once' : `${interruptions} times`}` : '';
  if (status === 'reading') {
    return html`<p class="drawer-told" data-tone="busy" role="status">Reading: ${count(recording.length, 'event')}${cut}…</p>`;
  }
  if (status === 'too-long') {
    return html`<p class="drawer-told" data-tone="warn" role="status">${warnIcon}<span><strong>Only the first ${count(recording.length, 'event')}.</strong>
      A page keeps ${count(MOST_EVENTS, 'event')} or ${MOST_CHARS / 1e6} MB of a run. All of it: <code>runwire replay --run</code></span></p>`;
  }
  const [title, text] = PROBLEMS[status] ?? ['The edge refuses', problem];
  return html`<p class="drawer-told" data-tone="bad" role="alert">${warnIcon}<span><strong>${title}.</strong> ${text}</span></p>`;
}

/** How the run stood. */
function stage({ recording, player, view }, actions) {
  const folds = {
    toggle: (key) => actions.toggle(key, view),
    copy: (text, key) => actions.copy(text, key, view),
  };
  const shown = recording.until(player.position);
  const now = (recording.startedAt ?? 0) + player.clock;
  return html`<div class="drawer-stage" tabindex="0" role="region" aria-label="The run at this point">
    ${shown ? runView(shown, { recent: true, view, actions: folds, now }) : html`<p class="hint">${recording.length ? 'Before its first event.' : ''}</p>`}
  </div>`;
}

/** The events around this point. */
function list({ recording, player }) {
  const { position } = player;
  const first = Math.max(0, Math.min(position - 1 - LISTED_BEFORE, recording.length - LISTED_BEFORE - LISTED_AFTER - 1));
  const numbers = [];
  for (let n = first + 1; n <= Math.min(recording.length, first + 1 + LISTED_BEFORE + LISTED_AFTER); n++) numbers.push(n);
  return html`<div class="drawer-list" role="group" aria-label="Events around this point">
    <div class="event-row head" aria-hidden="true"><span>seq</span><span class="event-type">type</span><span>since start</span><span>gap</span></div>
    ${repeat(
      numbers,
      (n) => n,
      (n) => eventRow(recording, n, player),
    )}
  </div>`;
}

function eventRow(recording, n, player) {
  const { seq, event, reason } = recording.frames[n - 1];
  return html`<button type="button" class="event-row" aria-current=${n === player.position} ?data-ahead=${n > player.position}
    @click=${() => player.seek(n)}>
    <span>${seq ?? ''}</span><span class="event-type">${event?.type ?? `gap ${reason}`}</span>
    <span>${seconds(recording.at(n))}</span><span>${n === 1 ? '' : `+${latency(recording.at(n) - recording.at(n - 1))}`}</span>
  </button>`;
}

function controls(shown, actions) {
  const { recording, player } = shown;
  const { position, playing } = player;
  const atEnd = position >= recording.length;
  return html`<footer class="drawer-foot">
    ${slider(shown)}
    <div class="drawer-where">
      <span>${describe(recording, position)}</span>
      <span class="count">${seconds(player.clock)} of ${seconds(recording.lastsMs)}</span>
    </div>
    <div class="drawer-buttons">
      <div class="transport">
        ${button('To the start', startIcon, position === 0, () => player.seek(0))}
        ${button('One event back', backIcon, position === 0, () => player.step(-1))}
        <button id="drawer-play" type="button" class="button primary"
          @click=${() => player.toggle()}>${playing ? pauseIcon : playIcon}${playing ? 'Pause' : 'Play'}</button>
        ${button('One event on', forthIcon, atEnd, () => player.step(1))}
        ${button('To the end', endIcon, atEnd, () => player.seek(Infinity))}
      </div>
      ${choice('Speed', Object.keys(SPEEDS), player.speed, (speed) => player.choose(speed))}
      ${choice('Slider', ['Events', 'Time'], shown.scale, (scale) => actions.scaleReplay(scale))}
    </div>
  </footer>`;
}

function slider({ recording, player, scale }) {
  const byTime = scale === 'Time';
  const most = byTime ? recording.lastsMs : recording.length;
  const value = byTime ? player.clock : player.position;
  const moved = ({ target }) => {
    player.pause();
    if (byTime) player.seekTime(Number(target.value));
    else player.seek(Number(target.value));
  };
  return html`<input id="drawer-slider" class="slider" type="range" min="0" max=${most} step=${byTime ? Math.max(1, most / TIME_STEPS) : 1}
    .value=${live(String(value))} style=${`--done: ${most ? (100 * value) / most : 0}%`} ?disabled=${most === 0}
    aria-label="Position in the run" aria-valuetext=${describe(recording, player.position)} @input=${moved}>`;
}

function describe(recording, position) {
  if (position === 0) return `Before the first of ${count(recording.length, 'event')}`;
  const { event, reason } = recording.frames[position - 1];
  const gap = position > 1 ? `, ${latency(recording.at(position) - recording.at(position - 1))} after the one before` : '';
  return `Event ${position.toLocaleString('en')} of ${recording.length.toLocaleString('en')}: ${event?.type ?? `gap ${reason}`}${gap}`;
}

function button(name, sign, disabled, act) {
  return html`<button type="button" class="icon-button" aria-label=${name} title=${name} ?disabled=${disabled} @click=${act}>${sign}</button>`;
}

function choice(name, options, chosen, choose) {
  return html`<div class="choice" role="group" aria-label=${name}>
    ${options.map((each) => html`<button type="button" aria-pressed=${each === chosen} @click=${() => choose(each)}>${each}</button>`)}
  </div>`;
}

/** 0.012 s, 12.345 s, 4:05 */
function seconds(ms) {
  return ms < 60_000 ? `${(ms / 1000).toFixed(3)} s` : duration(ms);
}
