import { Backoff } from './backoff.js';
import { verdictOn } from './closecodes.js';
import { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import { RunwireError } from './errors.js';
import { Streams } from './streams.js';
import { Surroundings } from './surroundings.js';
import { TransportChoice } from './transport.js';
import { findWebSocket } from './websocket.js';

/** A connection that was up for so long is no sign of trouble when it ends: the backoff starts afresh. */
const STABLE_MS = 10_000;
/** What is added to the backoff when the edge has too much to do. */
const LATER_MS = 5_000;
const LONGEST_DRAIN_PAUSE_MS = 60_000;
/** So many connections in a row ended for their token before `welcome` mean that there is none that is taken. */
const REFUSED_TOKENS = 3;

/**
 * The lasting link to the edge: one connection after the other, each with a fresh token, to one URL after the other,
 * until a close code says not to come back. Where no WebSocket can be opened it is made of server-sent events, until
 * one can. It does not know what the frames are about.
 */
export class Link {
  #options;
  #hooks;
  #credentials;
  #backoff;
  #choice;
  #surroundings;
  /** What the edge knows this link's streams by, one after the other. */
  #name;
  #connection;
  /** A WebSocket that is tried while streams carry the events. */
  #probe;
  #probeTimer;
  #dialled = 0;
  #redial;
  #redialAt;
  #mayHurry = false;
  #token;
  #upSince;
  #attempt = 1;
  #cause;
  #drainPauseMs;
  #refusedTokens = 0;
  #over = false;

  /**
   * @param {object} options urls, getToken, transport, WebSocket (optional), fetch, environment, clock, random
   * @param {object} hooks onUp({url, connection, transport}): also when the transport changes with no loss in between,
   *     onFrame(frame, chars), onDown({code, name, reason, retryInMs}), onOver(state, error): the link's last call,
   *     onError(error), onAuthorized({exp}), onDraining({retryAfterMs}), onNetwork(): it has come or gone
   */
  constructor(options, hooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#credentials = new Credentials(options.getToken, options.clock);
    this.#backoff = new Backoff(options.random);
    this.#name = Math.floor(options.random() * 2 ** 50).toString(36);
    this.#choice = new TransportChoice(options);
    const heard = { onWake: () => this.#wake(), onChange: () => hooks.onNetwork() };
    this.#surroundings = new Surroundings(options.environment, heard);
    this.#dial();
  }

  get up() {
    return this.#connection?.up ?? false;
  }

  get offline() {
    return this.#surroundings.offline;
  }

  /** websocket or sse: what carries the events, or is tried next. */
  get transport() {
    return this.#choice.current;
  }

  /** The time until the node that drains expects us elsewhere; undefined if it does not drain. */
  get drainPauseMs() {
    return this.#drainPauseMs;
  }

  /** While it is down: which attempt comes next, or is under way (retryInMs 0), and why the last connection ended. */
  get trouble() {
    const retryInMs = this.#redialAt === undefined ? 0 : Math.max(0, this.#redialAt - this.#options.clock.now());
    return { attempt: this.#attempt, retryInMs, cause: this.#cause };
  }

  send(frame) {
    this.#connection?.send(frame);
  }

  /** Loses the connection there is; what follows is what follows any loss. */
  drop() {
    this.#connection?.drop();
  }

  /** Dials at once if it waits to. */
  retry() {
    if (this.#over || this.#redialAt === undefined) return;
    this.#options.clock.clearTimeout(this.#redial);
    this.#dial();
  }

  /** No hook is called any more. */
  close() {
    this.#over = true;
    this.#credentials.stop();
    this.#surroundings.leave();
    this.#options.clock.clearTimeout(this.#redial);
    this.#stopProbing();
    this.#connection?.close();
  }

  async #dial() {
    const { WebSocket: given, clock, fetch } = this.#options;
    const url = this.#nextUrl();
    const transport = this.#choice.next();
    this.#redialAt = undefined;
    try {
      const WebSocket = transport === 'websocket' ? await findWebSocket(given) : undefined;
      if (this.#over) return;
      this.#token = await this.#credentials.fetch();
      const hooks = {
        onUp: (welcome) => this.#welcomed(url, welcome),
        onFrame: (frame, chars) => this.#received(frame, chars),
        onClosed: (closeCode, reason) => {
          this.#choice.ended(this.#upSince !== undefined, closeCode, reason);
          this.#closed(closeCode, reason);
        },
      };
      const to = { url, token: this.#token, WebSocket, fetch, clock };
      this.#connection = WebSocket ? new Connection(to, hooks) : new Streams({ ...to, name: this.#name }, hooks);
    } catch (error) {
      if (this.#over) return;
      if (error.code === 'NO_WEBSOCKET') return this.#giveUp('ended', error);
      if (error instanceof RunwireError) this.#hooks.onError(error);
      this.#closed(1006, error.message);
    }
  }

  #nextUrl() {
    const { urls } = this.#options;
    return urls[this.#dialled++ % urls.length];
  }

  #welcomed(url, { connection }) {
    this.#upSince = this.#options.clock.now();
    this.#attempt = 1;
    this.#cause = undefined;
    this.#refusedTokens = 0;
    this.#keepTokenFresh();
    if (this.#choice.mayReturn) this.#probeLater();
    this.#hooks.onUp({ url, connection, transport: this.#choice.current });
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
    const { name, then, as } = verdictOn(code);
    const wasUp = this.#upSince !== undefined;
    this.#refusedTokens = then === 'renew' && !wasUp ? this.#refusedTokens + 1 : 0;
    if (then === 'end' || this.#refusedTokens >= REFUSED_TOKENS) {
      const error = new RunwireError(name, `the edge closed the connection: ${code} ${reason || name}`, { closeCode: code });
      return this.#giveUp(as ?? 'ended', error);
    }
    if (wasUp && this.#options.clock.now() - this.#upSince >= STABLE_MS) this.#backoff.reset();
    this.#attempt = wasUp ? 1 : this.#attempt + 1;
    this.#cause = { code, name, reason };
    this.#mayHurry = then === 'reconnect' && this.#drainPauseMs === undefined;
    const retryInMs = this.#pauseMs(then);
    this.#credentials.stop();
    this.#stopProbing();
    this.#connection = undefined;
    this.#upSince = undefined;
    this.#drainPauseMs = undefined;
    this.#redialAt = this.#options.clock.now() + retryInMs;
    this.#redial = this.#options.clock.setTimeout(() => this.#dial(), retryInMs);
    this.#hooks.onDown({ code, name, reason, retryInMs });
  }

  #pauseMs(then) {
    const pauseMs = this.#backoff.next();
    if (then === 'later') return LATER_MS + pauseMs;
    // The backoff is kept as the lower bound, or a node that drains for ever would be dialled for ever at once.
    if (this.#drainPauseMs !== undefined) return Math.max(pauseMs, this.#options.random() * this.#drainPauseMs);
    return pauseMs;
  }

  /** Somebody looks again, or the network is back: what was waited for need not be, unless an edge has asked for it. */
  #wake() {
    if (this.up) this.#connection.check();
    else if (this.#mayHurry) this.retry();
  }

  /** While streams carry the events: tries now and then whether a WebSocket can be opened after all. */
  #probeLater() {
    this.#probeTimer = this.#options.clock.setTimeout(() => this.#probeNow(), this.#choice.nextProbeMs());
  }

  async #probeNow() {
    const { WebSocket: given, clock } = this.#options;
    const url = this.#nextUrl();
    const streams = this.#connection;
    try {
      const WebSocket = await findWebSocket(given);
      if (this.#over || this.#connection !== streams) return;
      const probe = (this.#probe = new Connection({ url, token: this.#token, WebSocket, clock }, {
        onUp: (welcome) => this.#moveTo(probe, url, welcome),
        onFrame: (frame, chars) => this.#received(frame, chars),
        onClosed: (closeCode, reason) => {
          if (this.#connection === probe) return this.#closed(closeCode, reason);
          this.#probe = undefined;
          return this.#probeLater();
        },
      }));
    } catch {
      this.#probeLater(); // there is none here, or its URL is refused: the streams go on
    }
  }

  /** The readers subscribe over the new connection from where they are; nothing was lost in between. */
  #moveTo(probe, url, welcome) {
    this.#connection.close();
    this.#probe = undefined;
    this.#connection = probe;
    this.#choice.returned();
    this.#welcomed(url, welcome);
  }

  #stopProbing() {
    this.#options.clock.clearTimeout(this.#probeTimer);
    this.#probe?.close();
    this.#probe = undefined;
  }

  #giveUp(state, error) {
    this.close();
    this.#hooks.onOver(state, error);
  }
}
