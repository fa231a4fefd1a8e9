import { NO_WELCOME } from './connection.js';

/** So many WebSockets in a row that could not be opened lead to an attempt by server-sent events. */
const FAILURES = 3;
const FIRST_PROBE_MS = 5_000;
const SLOWEST_PROBE_MS = 60_000;

/** Decides by what the next connection is made, from how the last ones went. */
export class TransportChoice {
  /** websocket or sse: of the connection that is there, or was tried last. */
  current;
  #auto;
  #enough;
  #failures = 0;
  #probeMs = FIRST_PROBE_MS;
  #random;

  constructor({ transport, urls, random }) {
    this.#auto = transport === 'auto';
    this.current = this.#auto ? 'websocket' : transport;
    this.#enough = Math.max(FAILURES, urls.length);
    this.#random = random;
  }

  next() {
    if (this.#auto) this.current = this.#failures >= this.#enough ? 'sse' : 'websocket';
    return this.current;
  }

  /** A connection has ended; `wasUp`: it had been welcomed. */
  ended(wasUp, closeCode, reason) {
    if (this.current === 'sse') {
      // Neither comes through: in turn from now on, since either may be the first that does.
      if (!wasUp) this.#failures = this.#enough - 1;
    } else if (wasUp || closeCode !== 1006) {
      this.#failures = 0; // whoever sends a close code has been spoken to
    } else {
      this.#failures += reason === NO_WELCOME ? this.#enough : 1; // waiting as long once more would not tell more
    }
  }

  /** Whether it is by necessity that there is no WebSocket. */
  get mayReturn() {
    return this.#auto && this.current === 'sse';
  }

  /** How long to wait before a WebSocket is tried again, longer each time. */
  nextProbeMs() {
    const ms = this.#probeMs;
    this.#probeMs = Math.min(SLOWEST_PROBE_MS, ms * 2);
    return ms * (0.5 + this.#random() / 2);
  }

  /** A WebSocket has been opened in the streams' place. */
  returned() {
    this.current = 'websocket';
    this.#failures = 0;
    this.#probeMs = FIRST_PROBE_MS;
  }
}
