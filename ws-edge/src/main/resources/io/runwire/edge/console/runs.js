import { fetchRuns } from './edge.js';

const EVERY_MS = 2_000;
const SLOWEST_MS = 16_000;

/** Keeps the list of runs in the model fresh, by asking for it again and again while the page is seen. */
export class RunList {
  #model;
  #session;
  #pauseMs = EVERY_MS;
  #timer;
  #asking = false;

  constructor(model, session) {
    this.#model = model;
    this.#session = session;
    document.addEventListener('visibilitychange', () => this.refresh());
  }

  async refresh() {
    clearTimeout(this.#timer);
    if (document.hidden || this.#asking || !this.#session.signedIn) return;
    this.#asking = true;
    const { ledger } = this.#model;
    const { status, rows = ledger.rows } = await this.#ask();
    this.#asking = false;
    if (ledger !== this.#model.ledger) return this.refresh(); // it was forgotten meanwhile
    this.#model.ledger = { status, rows: status === 'forbidden' ? [] : rows };
    this.#model.changed();
    this.#pauseMs = status === 'listed' || status === 'partial' ? EVERY_MS : Math.min(SLOWEST_MS, this.#pauseMs * 2);
    if (status !== 'forbidden') this.#timer = setTimeout(() => this.refresh(), this.#pauseMs);
  }

  /** What was listed is nothing for who signs in next. */
  forget() {
    clearTimeout(this.#timer);
    this.#model.ledger = { status: 'loading', rows: [] };
  }

  async #ask() {
    try {
      const { runs, partial = false } = await fetchRuns(await this.#session.token());
      return { status: partial ? 'partial' : 'listed', rows: runs.map(asRow) };
    } catch (error) {
      return { status: { 0: 'unreachable', 401: 'expired', 403: 'forbidden' }[error.status] ?? 'away' };
    }
  }
}

function asRow({ run, thread, attempt, status, startedAt, endedAt, events }) {
  return { run, thread, attempt, status: status.toLowerCase(), startedAt, endedAt: endedAt ?? undefined, events };
}

/** The ledger's rows, with what the page has seen of its thread by itself, where it has seen more; newest first. */
export function mergedRows(rows, timeline) {
  const byRun = new Map(rows.map((row) => [row.run, row]));
  for (const run of timeline?.runs ?? []) {
    const { id, status, startedAt, endedAt, proof } = run;
    if (isAhead(byRun.get(id), proof)) continue;
    const { attempt, last: events } = proof;
    byRun.set(id, { run: id, thread: timeline.thread, attempt, status, startedAt, endedAt, events });
  }
  return [...byRun.values()].sort((a, b) => b.startedAt - a.startedAt);
}

/** The ledger, too, counts the events of the current attempt. */
function isAhead(row, { attempt, last }) {
  return row !== undefined && (row.attempt > attempt || (row.attempt === attempt && row.events > last));
}
