import { ago, count, duration } from '../format.js';
import { html, repeat } from '../lib.js';
import { mergedRows } from '../runs.js';
import { glyph, playIcon } from './icons.js';

const NOTICES = {
  partial: [
    'Some runs may be missing here',
    'A stream processor gave no answer for its part of the ledger. The list fills up by itself.',
  ],
  away: [
    'The run list is away',
    'The stream processor does not answer. Timelines go on without it; this list comes back by itself.',
  ],
  unreachable: ['The run list is not up to date', 'The edge does not answer. The list comes back by itself.'],
  expired: ['The session has expired', 'The run list needs a valid token.'],
  forbidden: ['No run list', 'This token lacks the action “ledger”. A thread opens by its id.'],
};

export function runs(model, actions) {
  const { ledger, timeline, view } = model;
  const rows = mergedRows(ledger.rows, timeline);
  const shown = rows.filter(({ thread, run }) => `${thread} ${run}`.includes(view.filter));
  const now = Date.now();
  const open = (event) => {
    event.preventDefault();
    if (actions.openThread(view.filter.trim())) actions.show({ filter: '' });
  };
  return html`<div class="panel-head"><h2>Runs</h2><span class="count">${rows.length || ''}</span></div>
    <form class="filter" @submit=${open}>
      <label class="unseen" for="filter">Filter runs, or open a thread by its id</label>
      <input id="filter" class="field small" autocomplete="off" spellcheck="false" placeholder="Filter, or open a thread id"
        .value=${view.filter} @input=${({ target }) => actions.show({ filter: target.value })}>
    </form>
    ${notice(ledger.status)}
    <ul class="run-list">
      ${repeat(
        shown,
        ({ run }) => run,
        (row) => html`<li>${entry(row, timeline?.thread === row.thread, now)}${replay(row, actions)}</li>`,
      )}
    </ul>
    ${shown.length === 0 ? empty(ledger.status, view.filter) : ''}`;
}

function entry({ run, thread, attempt, status, startedAt, endedAt, events }, selected, now) {
  const took = duration((endedAt ?? now) - startedAt);
  const href = `#thread=${encodeURIComponent(thread)}`;
  return html`<a class="run-row" href=${href} aria-current=${selected} title=${`run ${run}`}>
    ${glyph(status)}
    <span class="run-thread">${thread}${attempt > 1 ? html`<span class="badge">attempt ${attempt}</span>` : ''}</span>
    <span class="run-took">${took}</span>
    <span class="run-about">${status} · ${count(events, 'event')}</span>
    <span class="run-when">${ago(now - startedAt)}</span>
  </a>`;
}

function replay(row, actions) {
  if (row.endedAt === undefined) return '';
  return html`<button type="button" class="run-replay" title="Replay" aria-label=${`Replay run ${row.run}`}
    aria-haspopup="dialog" @click=${() => actions.openReplay(row)}>${playIcon}</button>`;
}

function notice(status) {
  if (!NOTICES[status]) return '';
  const [title, text] = NOTICES[status];
  return html`<div class="notice" role="status"><strong>${title}</strong>${text}</div>`;
}

function empty(status, filter) {
  if (filter) return html`<p class="hint">Nothing matches. Enter opens “${filter}” as a thread.</p>`;
  if (status === 'listed' || status === 'partial') return html`<p class="hint">No run yet.</p>`;
  if (status === 'loading') return html`<div class="ghosts" aria-hidden="true"><i></i><i></i><i></i></div>`;
  return '';
}
