import { isOver } from './states.js';

/** Steps that are kept; a connection that flaps loses those after the first. */
const MOST_STEPS = 8;

/**
 * One loss of the connection, from the cut to the moment when the page is live again.
 * Its steps are what the SDK's client went through, with the time since the cut.
 */
export class Interruption {
  cutAt;
  /** In words; whether it was asked for, by the button, shows from it. */
  cause;
  /** { state, afterMs }, in order */
  steps = [];
  /** Events that were received before the page was live again. */
  replayed = 0;
  over = false;

  constructor(cutAt, cause) {
    this.cutAt = cutAt;
    this.cause = cause;
  }

  /** The client has come to another state. */
  passed(state, now) {
    this.steps.push({ state, afterMs: now - this.cutAt });
    if (this.steps.length > MOST_STEPS) this.steps.splice(1, 1);
    this.over = state === 'live' || isOver(state);
  }

  get resumed() {
    return this.steps.at(-1)?.state === 'live';
  }

  get lastedMs() {
    return this.steps.at(-1)?.afterMs;
  }
}
