/**
 * What the page has really received of one run: whether the sequence numbers stand dense from 1, per attempt.
 *
 * `lost` are numbers that were jumped over with no gap notice before, `announced` those that one covers, `doubled`
 * whatever came again or out of its turn. Lost and doubled must stay 0; the console shows them if they don't. `before`
 * are the numbers before the first that came: the page began to read in the middle of the run, where the log's
 * beginning has expired or an open run began later.
 */
export class Proof {
  attempt = 0;
  last = 0;
  received = 0;
  lost = 0;
  announced = 0;
  before = 0;
  doubled = 0;
  #gapKnown;

  /** @param {boolean} gapKnown whether the thread had a gap notice before this run was seen */
  constructor(gapKnown = false) {
    this.#gapKnown = gapKnown;
  }

  /** Counts an event; false if it must not be shown, since it was before. */
  accept(attempt, seq) {
    const newer = attempt > this.attempt;
    if (!newer && (attempt < this.attempt || seq <= this.last)) {
      this.doubled++;
      return false;
    }
    const missing = seq - (newer ? 1 : this.last + 1);
    if (this.#gapKnown) this.announced += missing;
    else if (this.received === 0) this.before = missing;
    else this.lost += missing;
    this.#gapKnown = false;
    this.attempt = attempt;
    this.last = seq;
    this.received++;
    return true;
  }

  /** A gap notice came: the next event may jump, once. */
  gap() {
    this.#gapKnown = true;
  }

  /** Every number from 1 to the last was received, and once. */
  get dense() {
    return this.lost === 0 && this.announced === 0 && this.before === 0 && this.doubled === 0;
  }
}
