/** Why something ended or went wrong. `code` is stable; `message` is for people. */
export class RunwireError extends Error {
  /**
   * @param {string} code the server's error code, the name of a close code, or one of this library
   * @param {string} message never contains a token
   * @param {{ closeCode?: number, thread?: string, cause?: unknown }} [about]
   */
  constructor(code, message, { closeCode, thread, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'RunwireError';
    this.code = code;
    this.closeCode = closeCode;
    this.thread = thread;
  }
}

const TRANSIENT = new Set(['LOG_UNAVAILABLE', 'LEDGER_UNAVAILABLE']);

/** Whether a thread cannot be served now but may be soon; every other error in answer to a subscribe is its end. */
export function isTransient(code) {
  return TRANSIENT.has(code);
}

/** Calls a caller's function, if there is one; what it throws goes where the platform reports it, not into the client. */
export function callBack(fn, ...args) {
  try {
    return fn?.(...args);
  } catch (error) {
    rethrow(error);
    return undefined;
  }
}

export function rethrow(error) {
  queueMicrotask(() => {
    throw error;
  });
}
