import { count, duration, timeOfDay } from '../format.js';
import { guard, html, nothing, repeat } from '../lib.js';
import { chevron, glyph } from './icons.js';
import { item } from './item.js';

/** Items of an attempt that are drawn; more on demand. */
const ITEMS_SHOWN = 200;

const EXPLAINED = {
  AGENT_LOST:
    'The agent fell silent past its time-out. The watchdog ended the run, so that nobody waits for it for ever.',
  TIMEOUT: 'The run took longer than it may, so it was ended from outside.',
};

/** One run; unchanged ones cost a comparison. `now`: the time as of which it is shown. */
export function run(shown, { recent, view, actions, now = Date.now() }) {
  const key = `run ${shown.id}`;
  const open = recent !== view.open.has(key); // in the set is what differs from the rule
  const ticking = shown.ended ? 0 : Math.floor(now / 100);
  const folded = [...view.open].filter((name) => name.includes(shown.id)).join();
  const copied = view.copied?.startsWith(shown.id);
  return guard([shown.version, open, ticking, folded, copied, interruptions(shown)], () =>
    section(shown, { key, open, view, actions, now }),
  );
}

/** An interruption changes without its run being touched. */
function interruptions({ attempt }) {
  return attempt.items
    .filter(({ kind }) => kind === 'interruption')
    .map(({ interruption }) => `${interruption.steps.length} ${interruption.replayed}`)
    .join();
}

function section(shown, { key, open, view, actions, now }) {
  const { id, status, attempt, attempts, proof, question } = shown;
  const took = duration((shown.endedAt ?? now) - shown.startedAt);
  return html`<section class="run" data-run=${id} data-status=${status} aria-label=${`Run ${id}`}>
    <button type="button" class="run-head" aria-expanded=${open} @click=${() => actions.toggle(key)}>
      ${glyph(status)}<span class="run-status">${status}</span><code class="run-id">${id}</code>
      ${attempt.number > 1 ? html`<span class="badge">attempt ${attempt.number}</span>` : nothing}
      <span class="run-began">${timeOfDay(shown.startedAt)}</span><span class="run-took">${took}</span>${chevron}
    </button>
    ${
      open
        ? html`${question === undefined ? nothing : html`<p class="question">${question}</p>`}
          ${attempts.slice(0, -1).map((earlier) => earlierAttempt(earlier, { id, view, actions, now }))}
          ${items(attempt, { id, view, actions, now })} ${ending(shown, took)}`
        : html`<p class="folded">${question ?? ''} <span>${count(proof.received, 'event')}</span></p>`
    }
  </section>`;
}

function earlierAttempt(attempt, { id, view, actions, now }) {
  const key = `attempt ${id} ${attempt.number}`;
  const open = view.open.has(key);
  return html`<div class="earlier" data-attempt=${attempt.number}>
    <button type="button" aria-expanded=${open} @click=${() => actions.toggle(key)}>
      ${chevron}<span>Attempt ${attempt.number} failed</span><span class="why">${attempt.error?.message ?? ''}</span>
      <span class="count">${count(attempt.events, 'event')}</span>
    </button>
    ${open ? items(attempt, { id, view, actions, now }) : nothing}
  </div>`;
}

const thinking = html`<li class="item"><span class="at"></span><div class="thinking">Reasoning</div></li>`;

function items(attempt, { id, view, actions, now }) {
  const key = `all ${id} ${attempt.number}`;
  const hidden = view.open.has(key) ? 0 : Math.max(0, attempt.items.length - ITEMS_SHOWN);
  const context = { attempt, path: `${id} ${attempt.number}`, view, actions, now };
  const trimmed = html`<p class="trim">${count(attempt.trimmed, 'earlier item')} not kept on this page</p>`;
  return html`${attempt.trimmed ? trimmed : nothing}
    ${hidden ? more(hidden, () => actions.toggle(key)) : nothing}
    <ol class="items" data-attempt=${attempt.number}>
      ${repeat(
        attempt.items.slice(hidden),
        (it) => it.key,
        (it) => item(it, context),
      )}
      ${attempt.thinking ? thinking : nothing}
    </ol>`;
}

function more(hidden, show) {
  return html`<button type="button" class="trim" @click=${show}>Show ${count(hidden, 'earlier item')}</button>`;
}

function ending({ status, attempt, ended, proof }, took) {
  if (status === 'retrying') return html`<p class="end">The attempt failed. Waiting for the next one.</p>`;
  if (!ended) return nothing;
  if (attempt.error) return failure(attempt.error);
  const dense = proof.dense ? `seq dense 1…${proof.last}` : `up to seq ${proof.last}`;
  return html`<p class="end">
    ${glyph(status)}<span>${status} in ${took}</span>
    <span class="count">${count(attempt.events, 'event')} · ${dense}</span>
  </p>`;
}

function failure({ message, code }) {
  return html`<div class="failure">
    ${glyph('error')}
    <div>
      <p class="failure-head"><strong>The run ended in error</strong>${code ? html`<code>${code}</code>` : nothing}</p>
      <p>${message}</p>
      ${EXPLAINED[code] ? html`<p class="why">${EXPLAINED[code]}</p>` : nothing}
    </div>
  </div>`;
}
