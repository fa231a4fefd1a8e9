export const SUBPROTOCOL = 'runwire.v1';

const CONNECT_DEADLINE_MS = 10_000;
const DEFAULT_HEARTBEAT_MS = 20_000;

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

  /**
   * @param {object} to
   * @param {object} hooks onUp(welcome), onFrame(frame, chars), onClosed(closeCode, reason): each connection's last call
   */
  constructor({ url, token, WebSocket, clock }, hooks) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#timer = clock.setTimeout(() => this.#abandon('no welcome in time'), CONNECT_DEADLINE_MS);
    this.#socket = new WebSocket(url, [SUBPROTOCOL]);
    this.#socket.addEventListener('open', () => {
      this.#opened = true;
      this.send({ op: 'auth', token });
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

  #received(data) {
    if (this.#closed) return;
    this.#lastReceived = this.#clock.now();
    this.#pingedAt = undefined;
    const frame = parse(data);
    if (!frame) return this.#abandon('not a frame');
    if (frame.op === 'welcome' && !this.#up) {
      this.#up = true;
      this.#heartbeatMs = frame.heartbeatMs > 0 ? frame.heartbeatMs : DEFAULT_HEARTBEAT_MS;
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
      if (this.#pingedAt !== undefined && now - this.#pingedAt >= this.#heartbeatMs) return this.#abandon('silent');
      const silentMs = now - (this.#pingedAt ?? this.#lastReceived);
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

function parse(data) {
  try {
    const frame = typeof data === 'string' ? JSON.parse(data) : undefined;
    if (typeof frame?.op !== 'string') return undefined;
    return frame.op === 'event' && typeof frame.event?.type !== 'string' ? undefined : frame;
  } catch {
    return undefined;
  }
}
