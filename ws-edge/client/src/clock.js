/** The time as the client uses it; tests put their own in its place. */
export const systemClock = {
  /** Milliseconds that only go forward. */
  now: () => performance.now(),
  /** Milliseconds since 1970, for what a token says about itself. */
  wallTime: () => Date.now(),
  setTimeout: (fn, ms) => globalThis.setTimeout(fn, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
};
