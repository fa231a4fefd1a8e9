import { Backoff } from './backoff.js';
import { verdictOn } from './closecodes.js';
import { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import { RunwireError } from './errors.js';
import { findWebSocket } from './websocket.js';

/** A connection that was up for so long is no sign of trouble when it ends: the backoff starts afresh. */
const STABLE_MS = 10_000;
const RATE_PAUSE_MS = 5_000;
const LONGEST_DRAIN_PAUSE_MS = 60_000;
/** So many connections in a row ended by 4005 before `welcome` mean that there is no newer token to be had. */
const REFUSED_TOKENS = 3;

/**
 * The lasting link to the edge: one connection after the other, each with a fresh token, to one URL after the other,
 * until a close code says not to come back. It does not know what the frames are about.
 */
export class Link {
  #options;
  #hooks;
  #credentials;
  #backoff;
  #connection;
  #dialled = 0;
  #redial;
  #token;
  #upSince;
  #drainPauseMs;
  #refusedTokens = 0;
  #over = false;

  /**
   * @param {object} options urls, getToken, WebSocket (optional), clock, random
   * @param {object} hooks onUp({url, connection}), onFrame(frame, chars), onDown({code, name, reason, retryInMs}),
   *     onOver(state, error): the link's last call, onError(error), onAuthorized({exp}), onDraining({retryAfterMs})
   */
  constructor(options, hooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#credentials = new Credentials(options.getToken, options.clock);
    this.#backoff = new Backoff(options.random);
    this.#dial();
  }

  get up() {
    return this.#connection?.up ?? false;
  }

  send(frame) {
    this.#connection?.send(frame);
  }

  /** Loses the connection there is; what follows is what follows any loss. */
  drop() {
    this.#connection?.drop();
  }

  /** No hook is called any more. */
  close() {
    this.#over = true;
    this.#credentials.stop();
    this.#options.clock.clearTimeout(this.#redial);
    this.#connection?.close();
  }

  async #dial() {
    const { urls, WebSocket: given, clock } = this.#options;
    const url = urls[this.#dialled++ % urls.length];
    try {
      const WebSocket = await findWebSocket(given);
      if (this.#over) return;
      this.#token = await this.#credentials.fetch();
      const hooks = {
        onUp: (welcome) => this.#welcomed(url, welcome),
        onFrame: (frame, chars) => this.#received(frame, chars),
        onClosed: (closeCode, reason) => this.#closed(closeCode, reason),
      };
      this.#connection = new Connection({ url, token: this.#token, WebSocket, clock }, hooks);
    } catch (error) {
      if (this.#over) return;
      if (error.code === 'NO_WEBSOCKET') return this.#giveUp('ended', error);
      if (error instanceof RunwireError) this.#hooks.onError(error);
      this.#closed(1006, error.message);
    }
  }

  #welcomed(url, { connection }) {
    this.#upSince = this.#options.clock.now();
    this.#refusedTokens = 0;
    this.#keepTokenFresh();
    this.#hooks.onUp({ url, connection });
  }

  #keepTokenFresh() {
    const use = (token) => {
      this.#token = token;
      this.send({ op: 'auth', token });
    };
    this.#credentials.refreshBefore(this.#token, { use, report: this.#hooks.onError });
  }

  #received(frame, chars) {
    if (frame.op === 'authorized') {
      this.#keepTokenFresh();
      this.#hooks.onAuthorized({ exp: frame.exp });
    } else if (frame.op === 'draining') {
      this.#drainPauseMs = Math.min(LONGEST_DRAIN_PAUSE_MS, frame.retryAfterMs > 0 ? frame.retryAfterMs : 0);
      this.#hooks.onDraining({ retryAfterMs: frame.retryAfterMs });
    } else {
      this.#hooks.onFrame(frame, chars);
    }
  }

  #closed(code, reason) {
    if (this.#over) return;
    const { name, then } = verdictOn(code);
    const wasUp = this.#upSince !== undefined;
    this.#refusedTokens = then === 'renew' && !wasUp ? this.#refusedTokens + 1 : 0;
    if (then === 'end' || then === 'expire' || this.#refusedTokens >= REFUSED_TOKENS) {
      const error = new RunwireError(name, `the edge closed the connection: ${code} ${reason || name}`, { closeCode: code });
      return this.#giveUp(then === 'end' ? 'ended' : 'expired', error);
    }
    if (wasUp && this.#options.clock.now() - this.#upSince >= STABLE_MS) this.#backoff.reset();
    const retryInMs = this.#pauseMs(then);
    this.#credentials.stop();
    this.#connection = undefined;
    this.#upSince = undefined;
    this.#drainPauseMs = undefined;
    this.#redial = this.#options.clock.setTimeout(() => this.#dial(), retryInMs);
    this.#hooks.onDown({ code, name, reason, retryInMs });
  }

  #pauseMs(then) {
    const pauseMs = this.#backoff.next();
    if (then === 'later') return RATE_PAUSE_MS + pauseMs;
    // The backoff is kept as the lower bound, or a node that drains for ever would be dialled for ever at once.
    if (this.#drainPauseMs !== undefined) return Math.max(pauseMs, this.#options.random() * this.#drainPauseMs);
    return pauseMs;
  }

  #giveUp(state, error) {
    this.close();
    this.#hooks.onOver(state, error);
  }
}
