import { count, duration } from '../format.js';
import { html, nothing } from '../lib.js';
import { causeInWords } from '../states.js';
import { cutIcon, replayIcon, warnIcon } from './icons.js';
import { GAPS } from './item.js';

/** What goes on with the connection while it is not simply live: a line above the timeline. */
export function strip({ connection, subscription, view }, actions) {
  const status = connection.status();
  const told = TOLD[status.state]?.(status, { subscription, actions });
  return html`${told ?? nothing}${gapNotice(status, subscription, view, actions)}`;
}

const TOLD = {
  connecting: (status, { actions }) => (status.attempt > 1 ? away('The edge does not answer', status, actions) : nothing),
  reconnecting: (status, { actions }) => away(causeInWords(status.cause), status, actions),
  offline: (status, { actions }) => away('This machine has no network', status, actions),
  replaying: (status, { subscription }) => replaying(status, subscription),
  draining: () =>
    told('warn', 'draining', html`<strong>This edge goes away soon.</strong> The page moves to another by itself, from its cursor.`),
};

function away(what, { state, attempt, retryInMs }, actions) {
  const next = retryInMs > 0 ? `Attempt ${attempt} in ${duration(retryInMs)}` : `Attempt ${attempt} is under way`;
  const now = html`<button type="button" class="button small" ?disabled=${retryInMs === 0} @click=${() => actions.retry()}>Try now</button>`;
  return told('warn', state, html`<strong>${what}.</strong> <span class="next">${next}</span>`, now);
}

function replaying({ state, events, behindMs }, { firstTs }) {
  if (!events) return nothing;
  const span = Date.now() - firstTs;
  const share = span > 0 ? Math.min(1, 1 - behindMs / span) : 1;
  const distance = behindMs < 1_000 ? 'nearly there' : `${duration(behindMs)} behind`;
  const text = html`<strong>Replaying.</strong> ${count(events, 'event')}, ${distance}`;
  return told('busy', state, text, html`<progress max="1" .value=${share} aria-label="Replayed"></progress>`);
}

function told(tone, state, text, more = nothing) {
  return html`<div class="strip" data-tone=${tone} data-state=${state}>${state === 'replaying' ? replayIcon : cutIcon}<span class="strip-text">${text}</span>${more}</div>`;
}

/** What is missing stands in the timeline, too, but only where a run was going on. */
function gapNotice(status, { gap }, { gapSeen }, actions) {
  if (!gap || gap === gapSeen) return nothing;
  return html`<div class="strip gap-notice" data-tone="warn" data-gap=${gap.reason}>
    ${warnIcon}
    <span class="strip-text"><strong>A part is missing: ${gap.reason}.</strong> ${GAPS[gap.reason] ?? ''} What follows is complete.</span>
    <button type="button" class="button small" @click=${() => actions.show({ gapSeen: gap })}>Understood</button>
  </div>`;
}
