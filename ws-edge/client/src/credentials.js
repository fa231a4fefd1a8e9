import { RunwireError } from './errors.js';

const FETCH_DEADLINE_MS = 10_000;
const REFRESH_AT = 0.8; // of the token's remaining life
const SOONEST_REFRESH_MS = 1_000;
const LATEST_REFRESH_MS = 2 ** 31 - 1; // the longest that setTimeout can wait
const RETRY_MS = 5_000;

/** Asks the application for tokens: before each connection, and again before the one in use expires. */
export class Credentials {
  #getToken;
  #clock;
  #deadline;
  #refresh;
  #turn = 0;

  constructor(getToken, clock) {
    this.#getToken = getToken;
    this.#clock = clock;
  }

  /** Rejects with TOKEN_UNAVAILABLE. Never settles once `stop` or another `fetch` was called. */
  fetch() {
    this.#clock.clearTimeout(this.#deadline);
    const turn = ++this.#turn;
    return new Promise((resolve, reject) => {
      const settle = (then, value) => {
        if (turn !== this.#turn) return;
        this.#clock.clearTimeout(this.#deadline);
        then(value);
      };
      const fail = (message, cause) => settle(reject, new RunwireError('TOKEN_UNAVAILABLE', message, { cause }));
      this.#deadline = this.#clock.setTimeout(() => fail(`no token within ${FETCH_DEADLINE_MS} ms`), FETCH_DEADLINE_MS);
      Promise.resolve()
        .then(this.#getToken)
        .then(
          (token) => {
            if (typeof token === 'string' && token !== '') settle(resolve, token);
            else fail(`getToken gave ${typeof token} (expected: a JWT)`);
          },
          (cause) => fail('getToken failed', cause),
        );
    });
  }

  /** Sees to it that `use` gets a newer token in time, if this one tells when it expires. */
  refreshBefore(token, { use, report }) {
    const delayMs = refreshDelayMs(claimsOf(token), this.#clock.wallTime());
    if (delayMs !== undefined) this.#fetchIn(delayMs, use, report);
  }

  /** Forgets what is under way. */
  stop() {
    this.#turn++;
    this.#clock.clearTimeout(this.#deadline);
    this.#clock.clearTimeout(this.#refresh);
  }

  #fetchIn(delayMs, use, report) {
    this.#clock.clearTimeout(this.#refresh);
    this.#refresh = this.#clock.setTimeout(() => {
      this.fetch().then(use, (error) => {
        this.#fetchIn(RETRY_MS, use, report);
        report(error);
      });
    }, delayMs);
  }
}

/** The claims of a JWT, unverified: they only tell when to ask for the next. {} if it is not a JWT. */
export function claimsOf(token) {
  try {
    return JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))) ?? {};
  } catch {
    return {};
  }
}

/** From now, in ms; undefined for a token that does not tell, or only by a clock that cannot be ours. */
export function refreshDelayMs({ exp, iat }, wallTimeMs) {
  if (!Number.isFinite(exp)) return undefined;
  const leftMs = exp * 1000 - wallTimeMs;
  const lifeMs = (exp - iat) * 1000; // NaN without iat
  // When our clock is off, so that the token looks dead or unborn, it is taken as issued just now.
  const trusted = leftMs > 0 && !(leftMs > lifeMs) ? leftMs : lifeMs;
  if (!(trusted > 0)) return undefined;
  return Math.min(LATEST_REFRESH_MS, Math.max(SOONEST_REFRESH_MS, trusted * REFRESH_AT));
}
