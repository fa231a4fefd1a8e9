import { setImmediate } from 'node:timers/promises';

const DEADLINE_MS = 5_000;

/** Waits until something holds, turn by turn of the event loop. */
export async function until(holds, what = holds) {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${DEADLINE_MS} ms: ${what}`);
    await setImmediate();
  }
}

/** What arrives, in order, for whoever asks. */
export class Mailbox {
  #arrived = [];

  put(letter) {
    this.#arrived.push(letter);
  }

  async take(what) {
    await until(() => this.#arrived.length > 0, what);
    return this.#arrived.shift();
  }
}
