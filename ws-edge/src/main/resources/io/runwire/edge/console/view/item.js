import { count, duration, pretty, size } from '../format.js';
import { guard, html, nothing } from '../lib.js';
import { checkIcon, chevron, copyIcon, cutIcon, toolIcon, warnIcon } from './icons.js';
import { prose } from './prose.js';

/** What is longer stands folded, under a label that tells its size. */
const SHORT_CHARS = 480;
const SHORT_LINES = 10;
/** More of one value than this is not put on the page; copying gives all of it. */
const MOST_CHARS = 100_000;
const ONE_LINE_CHARS = 56;

export const GAPS = {
  EXPIRED: 'The records between are older than the log keeps them.',
  TRUNCATED: 'The log has lost the records between.',
  FOREIGN_LOG: 'The position was one in another log. Reading began anew.',
  HOLE: 'Events are missing, and asking again did not bring them.',
};

/** One entry of a timeline; drawn again only if it has changed. */
export function item(shown, context) {
  const key = `${context.path} ${shown.key}`;
  const unfolded = context.view.open.has(key);
  const copied = context.view.copied === key;
  const moving = shown.kind === 'interruption' ? shown.interruption.steps.length + shown.interruption.replayed : 0;
  return guard([shown.version, unfolded, copied, moving, ticks(shown, context)], () => {
    const at = shown.ts === undefined ? '' : ((shown.ts - context.attempt.startedAt) / 1000).toFixed(1);
    return html`<li class="item" data-kind=${shown.kind}>
      <span class="at" title="Seconds since the attempt began">${at}</span>
      ${KINDS[shown.kind](shown, { ...context, key, unfolded, copied })}
    </li>`;
  });
}

function ticks({ kind, open }, { now }) {
  return kind === 'tool' && open ? Math.floor(now / 100) : 0;
}

const KINDS = { message, reasoning, tool, step, note, gap, interruption };

// textContent of an element with data-message-id is the message, to the byte: no whitespace may stand around it.
function message({ id, role, text, open }) {
  return html`<div class="said" data-role=${role} data-message-id=${id} ?data-open=${open}>${prose(text)}</div>`;
}

function reasoning({ id, text, open }) {
  return html`<div class="reasoned"><span class="tag">Reasoning</span><div data-message-id=${id} ?data-open=${open}>${text}</div></div>`;
}

function tool(call, context) {
  const { name, text, called, open, result, ts, endedAt } = call;
  const args = called || !open ? pretty(text) : text;
  const short = text.length <= ONE_LINE_CHARS;
  return html`<div class="call" data-tool-call-id=${call.id} ?data-open=${open}>
    <div class="call-head">
      ${toolIcon}<code class="call-name">${name}</code>${short ? html`<code class="call-args">${text}</code>` : nothing}
      <span class="call-took">${duration((endedAt ?? context.now) - ts)}</span>${open ? html`<i class="busy"></i>` : answered(result)}
    </div>
    ${short ? nothing : html`<pre class="call-block">${args}</pre>`} ${result === undefined ? nothing : answer(result, context)}
  </div>`;
}

function answered(result) {
  return result === undefined ? html`<span class="unanswered">no result</span>` : checkIcon;
}

function answer(text, context) {
  const short = text.length <= SHORT_CHARS && text.split('\n').length <= SHORT_LINES;
  return short ? html`<pre class="call-block result">${text}</pre>` : fold('Result', text, context);
}

function fold(label, text, { key, unfolded, copied, actions }) {
  const lines = text.split('\n').length;
  return html`<div class="fold">
    <button type="button" aria-expanded=${unfolded} @click=${() => actions.toggle(key)}>
      ${chevron}${label}<span class="count">${size(text)} · ${count(lines, 'line')}</span>
    </button>
    <button type="button" class="copy" aria-label=${`Copy ${label}`} @click=${() => actions.copy(text, key)}>
      ${copied ? checkIcon : copyIcon}
    </button>
    ${unfolded ? beginning(text) : nothing}
  </div>`;
}

function beginning(text) {
  const shown = text.slice(0, MOST_CHARS);
  return html`<pre class="call-block result">${shown}</pre>
    ${text === shown ? nothing : html`<p class="trim">The first ${size(shown)} of ${size(text)}. Copy takes all of it.</p>`}`;
}

function step({ id, open, ts, endedAt }) {
  return html`<div class="step"><span>${id}</span><i></i><span class="count">${open ? '' : duration(endedAt - ts)}</span></div>`;
}

function note({ label, json }, context) {
  return html`<div class="note">${fold(label, pretty(json), context)}</div>`;
}

function gap({ reason }) {
  return cut('warn', warnIcon, `Gap: ${reason}`, `${GAPS[reason] ?? ''} What follows is complete again.`);
}

function interruption({ interruption: { cause, over, resumed, replayed, lastedMs } }) {
  if (!over) return cut('warn', cutIcon, cause, 'Coming back by the cursor…');
  if (!resumed) return cut('warn', cutIcon, cause, 'It did not come back.');
  return cut('good', cutIcon, cause, `Back after ${duration(lastedMs)}, ${count(replayed, 'event')} replayed.`);
}

function cut(tone, icon, what, more) {
  return html`<div class="cut" data-tone=${tone}>${icon}<span><strong>${what}</strong> ${more}</span></div>`;
}
