import { parse } from './frame.js';

export const SUBPROTOCOL = 'runwire.v1';
/** A token that may stand among the subprotocols offered: their charset, and room for it in any proxy's header lines. */
const OFFERABLE = /^[\w.-]{1,2000}$/;
export const CONNECT_DEADLINE_MS = 10_000;
export const DEFAULT_HEARTBEAT_MS = 20_000;
/** Why a connection ended that was dialled and never answered. */
export const NO_WELCOME = 'no welcome in time';

/** How long a peer that is asked whether it is there may take to say so. */
const CHECK_DEADLINE_MS = 5_000;

/**
 * One WebSocket, from dialling to its end:
 *
 *   dialling ──open──▶ authenticating ──welcome──▶ up ──close, silence──▶ closed
 *       └──────────────── 10 s without welcome ───────────────────────────▶┘
 *
 * It keeps the connection honest (deadline, heartbeat) and knows nothing of threads.
 */
export class Connection {
  #socket;
  #clock;
  #hooks;
  #opened = false;
  #up = false;
  #closed = false;
  #timer;
  #lastReceived;
  #pingedAt;
  #heartbeatMs;
  /** How long the answer to a ping may take. */
  #patienceMs;

  /**
   * @param {object} to
   * @param {object} hooks onUp(welcome), onFrame(frame, chars), onClosed(closeCode, reason): each connection's last call
   */
  constructor({ url, token, WebSocket, clock }, hooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#timer = clock.setTimeout(() => this.#abandon(NO_WELCOME), CONNECT_DEADLINE_MS);
    // Shown in the handshake, so that the socket needs no place among those that have shown none: there are few.
    const shown = OFFERABLE.test(token);
    this.#socket = new WebSocket(url, shown ? [SUBPROTOCOL, `bearer.${token}`] : [SUBPROTOCOL]);
    this.#socket.addEventListener('open', () => {
      this.#opened = true;
      if (!shown) this.send({ op: 'auth', token });
    });
    this.#socket.addEventListener('message', ({ data }) => this.#received(data));
    this.#socket.addEventListener('close', ({ code, reason }) => this.#end(code, reason));
    this.#socket.addEventListener('error', ({ message = '' }) => {
      // A close follows, but not in Node 22 when nobody listens at the other end.
      if (!this.#opened) this.#end(1006, message);
    });
  }

  get up() {
    return this.#up && !this.#closed;
  }

  send(frame) {
    // Between the peer's close frame and the close event a socket is open no more; what is sent then is sent again
    // by the next connection, from the cursors.
    if (!this.#closed && this.#socket.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  /** Ends it in good order; no hook is called any more. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#clock.clearTimeout(this.#timer);
    this.#socket.close(1000);
  }

  /** Loses it, as a failing network would. */
  drop() {
    if (!this.#closed) this.#abandon('dropped on request');
  }

  /** Asks at once whether the peer is still there, since after a sleep or a change of network it may not be. */
  check() {
    const asked = this.#pingedAt !== undefined && this.#patienceMs <= CHECK_DEADLINE_MS;
    if (!this.up || asked) return;
    this.#pingedAt = this.#clock.now();
    this.#patienceMs = Math.min(this.#patienceMs, CHECK_DEADLINE_MS);
    this.send({ op: 'ping' });
    this.#listen(this.#patienceMs);
  }

  #received(data) {
    if (this.#closed) return;
    this.#lastReceived = this.#clock.now();
    this.#pingedAt = undefined;
    this.#patienceMs = this.#heartbeatMs;
    const frame = parse(data);
    if (!frame) return this.#abandon('not a frame');
    if (frame.op === 'welcome' && !this.#up) {
      this.#up = true;
      this.#heartbeatMs = frame.heartbeatMs > 0 ? frame.heartbeatMs : DEFAULT_HEARTBEAT_MS;
      this.#patienceMs = this.#heartbeatMs;
      this.#listen(this.#heartbeatMs);
      this.#hooks.onUp(frame);
    } else {
      this.#hooks.onFrame(frame, data.length);
    }
  }

  /** Silence for one heartbeat is answered by a ping; silence for one more is the end. */
  #listen(delayMs) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => {
      const now = this.#clock.now();
      // Counted from the ping and not from the last frame: in a tab in the background this timer may be a minute late.
      if (this.#pingedAt !== undefined && now - this.#pingedAt >= this.#patienceMs) return this.#abandon('silent');
      if (this.#pingedAt !== undefined) return this.#listen(this.#patienceMs - (now - this.#pingedAt));
      const silentMs = now - this.#lastReceived;
      if (silentMs < this.#heartbeatMs) return this.#listen(this.#heartbeatMs - silentMs);
      this.#pingedAt = now;
      this.send({ op: 'ping' });
      this.#listen(this.#heartbeatMs);
    }, delayMs);
  }

  /** Gives up a connection that is not to be trusted any more, without waiting for the peer to agree. */
  #abandon(reason) {
    const socket = this.#socket;
    this.#end(1006, reason);
    if (socket.terminate) socket.terminate(); // the package `ws` would wait 30 s for a peer that is gone
    else socket.close();
  }

  #end(closeCode, reason) {
    if (this.#closed) return;
    this.#closed = true;
    this.#clock.clearTimeout(this.#timer);
    this.#hooks.onClosed(closeCode, reason);
  }
}
