/** Steps that are kept; a connection that flaps loses those after the first. */
const MOST_STEPS = 8;

/**
 * One loss of the connection, from the cut to the moment when the page is live again.
 * Its steps are what the SDK's client went through, with the time since the cut.
 */
export class Interruption {
  cutAt;
  /** Whether it was asked for, by the button. */
  asked;
  /** { state, afterMs }, in order */
  steps = [];
  /** Events that were received before the page was live again. */
  replayed = 0;
  over = false;

  constructor(cutAt, asked) {
    this.cutAt = cutAt;
    this.asked = asked;
  }

  /** The client has come to another state. */
  passed(state, now) {
    this.steps.push({ state, afterMs: now - this.cutAt });
    if (this.steps.length > MOST_STEPS) this.steps.splice(1, 1);
    this.over = state === 'live' || state === 'ended' || state === 'expired';
  }

  get resumed() {
    return this.steps.at(-1)?.state === 'live';
  }

  get lastedMs() {
    return this.steps.at(-1)?.afterMs;
  }
}
