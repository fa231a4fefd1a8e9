import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';

/**
 * A clients' journal, as the Java record `Seen` in `io.runwire.loadtest.journal` describes it: one line each,
 * tab-separated, append-only. The file must not exist yet.
 */
export class SeenJournal {
  #out;

  constructor(file) {
    this.#out = createWriteStream(file, { flags: 'wx' });
    this.#out.on('error', (error) => {
      console.error(`journal: ${error.message}`);
      process.exit(1); // a judge without evidence is none
    });
  }

  /** @param raw the event's text as it stood in its frame */
  event(client, { thread, run, attempt, seq, final, cursor }, raw) {
    const hash = createHash('sha256').update(raw).digest('hex').slice(0, 16);
    this.#line('event', client, thread, run, attempt, seq, final === true ? 1 : 0, hash, cursor);
  }

  subscribed(client, thread, run, from) {
    this.#line('subscribed', client, thread, run ?? '', from);
  }

  gap(client, { thread, reason }) {
    this.#line('gap', client, thread, reason);
  }

  live(client, thread, cursor) {
    this.#line('live', client, thread, cursor);
  }

  up(client, edge) {
    this.#line('up', client, edge);
  }

  down(client, code) {
    this.#line('down', client, code);
  }

  /** Resolves when every line is in the file. */
  close() {
    return new Promise((resolve) => this.#out.end(resolve));
  }

  #line(kind, client, ...columns) {
    this.#out.write(`${[kind, Date.now(), client, ...columns].join('\t')}\n`);
  }
}
