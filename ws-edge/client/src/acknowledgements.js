const EVENTS = 64;
const DELAY_MS = 100;
/** The server takes 20 frames a second and bursts of 100; these leave room for everything else. */
const PER_SECOND = 15;
const BURST = 30;

/**
 * Acknowledges what consumers have taken: per thread cumulatively, after 64 events or 100 ms, and over all threads
 * of the connection no faster than the server accepts.
 */
export class Acknowledgements {
  #send;
  #clock;
  /** thread → { cursor, events }, the one that has waited longest first. */
  #pending = new Map();
  #timer;
  #allowance = BURST;
  #countedAt;

  constructor(send, clock) {
    this.#send = send;
    this.#clock = clock;
    this.#countedAt = clock.now();
  }

  took(thread, cursor) {
    const events = (this.#pending.get(thread)?.events ?? 0) + 1;
    this.#pending.set(thread, { cursor, events }); // keeps its place in the order
    if (events >= EVENTS && this.#allowed()) this.flush(thread);
    else this.#timer ??= this.#clock.setTimeout(() => this.#due(), DELAY_MS);
  }

  /** Acknowledges a thread at once, since it is about to be left. */
  flush(thread) {
    const pending = this.#pending.get(thread);
    if (!pending) return;
    this.#pending.delete(thread);
    this.#allowance--;
    this.#send({ op: 'ack', thread, cursor: pending.cursor });
  }

  flushAll() {
    for (const thread of [...this.#pending.keys()]) this.flush(thread);
  }

  forget(thread) {
    this.#pending.delete(thread);
  }

  /** The connection is gone, and with it what could have been acknowledged. */
  clear() {
    this.#pending.clear();
    this.#allowance = BURST;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #due() {
    this.#timer = undefined;
    for (const thread of [...this.#pending.keys()]) {
      if (this.#allowed()) this.flush(thread);
    }
    if (this.#pending.size > 0) this.#timer = this.#clock.setTimeout(() => this.#due(), DELAY_MS);
  }

  #allowed() {
    const now = this.#clock.now();
    this.#allowance = Math.min(BURST, this.#allowance + ((now - this.#countedAt) * PER_SECOND) / 1000);
    this.#countedAt = now;
    return this.#allowance >= 1;
  }
}
