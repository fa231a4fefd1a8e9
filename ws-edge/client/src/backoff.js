const BASE_MS = 250;
const CAP_MS = 10_000;

/**
 * Exponential backoff with full jitter: each wait is drawn from 0 to a ceiling that doubles.
 * (AWS Architecture Blog, "Exponential Backoff and Jitter": of the usual kinds the one that spreads a crowd best.)
 */
export class Backoff {
  #random;
  #step = 0;

  constructor(random) {
    this.#random = random;
  }

  /** The next wait in milliseconds. */
  next() {
    const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** this.#step);
    if (ceiling < CAP_MS) this.#step++;
    return this.#random() * ceiling;
  }

  reset() {
    this.#step = 0;
  }
}
