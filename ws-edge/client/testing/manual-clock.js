/** A clock that stands still until a test moves it. */
export class ManualClock {
  #now = 0;
  #epoch;
  #timers = new Map();
  #lastTimer = 0;

  constructor(epoch = 1_764_000_000_000) {
    this.#epoch = epoch;
  }

  now() {
    return this.#now;
  }

  wallTime() {
    return this.#epoch + this.#now;
  }

  setTimeout(fn, ms) {
    this.#timers.set(++this.#lastTimer, { fn, at: this.#now + ms });
    return this.#lastTimer;
  }

  clearTimeout(timer) {
    this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get pending() {
    return this.#timers.size;
  }

  /** Lets time pass; what falls due runs in order, each at its own time. */
  advance(ms) {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [timer, { fn, at }] = due;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      fn();
    }
    this.#now = until;
  }
}
