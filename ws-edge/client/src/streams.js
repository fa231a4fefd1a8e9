import { claimsOf } from './credentials.js';
import { CONNECT_DEADLINE_MS, DEFAULT_HEARTBEAT_MS } from './connection.js';
import { isTransient } from './errors.js';
import { ThreadStream } from './threadstream.js';

/**
 * Browsers open 6 connections to a host over HTTP/1.1, all tabs together, and an edge takes 5 of a user. These leave
 * room for the page's own requests and for trying whether a WebSocket can be opened again.
 */
export const MAX_STREAMS = 4;
/** With more threads than streams, one that has caught up gives its place to the next after this long. */
const TURN_MS = 2_000;
/** One that has not caught up keeps it for so many turns. */
const TURNS_BEHIND = 5;

/**
 * What a WebSocket would do, by server-sent events: takes and gives the same frames, for networks that let only plain
 * HTTP through. One stream per thread, read with `fetch`, since an EventSource cannot send the token.
 * It has no acks: an edge counts as delivered what the stream has taken.
 */
export class Streams {
  #base;
  #token;
  #name;
  #fetch;
  #clock;
  #hooks;
  #up = false;
  #closed = false;
  #deadline;
  #heartbeatMs = DEFAULT_HEARTBEAT_MS;
  #watch;
  #turn;
  /** thread → ThreadStream, the one that waits longest for its turn first. */
  #streams = new Map();
  #tokenWasTaken = false;
  #dialling = new AbortController();

  /**
   * The same parameters and hooks as Connection's, with `fetch` in the place of `WebSocket`; and a `name` that is this
   * client's alone: a stream that was hung up is not missed at once, and by its name the next one takes its place.
   */
  constructor({ url, token, name, fetch, clock }, hooks) {
    this.#base = url.replace(/^ws/, 'http').replace(/\/v1\/ws(\?.*)?$/, '');
    this.#token = token;
    this.#name = name;
    this.#fetch = fetch;
    this.#clock = clock;
    this.#hooks = hooks;
    this.#deadline = clock.setTimeout(() => this.#end(1006, 'no answer in time'), CONNECT_DEADLINE_MS);
    this.#dial().catch(({ message }) => this.#end(1006, message));
  }

  get up() {
    return this.#up && !this.#closed;
  }

  send(frame) {
    if (!this.up) return;
    if (frame.op === 'subscribe') this.#subscribe(frame);
    else if (frame.op === 'unsubscribe') this.#unsubscribe(frame);
    else if (frame.op === 'auth') this.#authorize(frame);
  }

  /** Ends it in good order; no hook is called any more. */
  close() {
    this.#closed = true;
    this.#dialling.abort();
    for (const timer of [this.#deadline, this.#watch, this.#turn]) this.#clock.clearTimeout(timer);
    for (const stream of this.#streams.values()) stream.stop();
    this.#streams.clear();
  }

  drop() {
    this.#end(1006, 'dropped on request');
  }

  /** Reads from each stream anew, as after a sleep nobody knows whether it still flows. */
  check() {
    for (const stream of this.#streams.values()) if (stream.isOpen) stream.open(this.#token, stream.place);
  }

  /** Whether plain HTTP comes through to an edge, and not only to a proxy that answers in its place. */
  async #dial() {
    const options = { cache: 'no-store', signal: this.#dialling.signal };
    const answer = await this.#fetch.call(undefined, `${this.#base}/v1/route?thread=runwire`, options);
    const { partitions } = answer.ok ? await answer.json() : {};
    if (this.#closed) return;
    if (!(partitions > 0)) return this.#end(1006, `no edge answers, but status ${answer.status}`);
    this.#clock.clearTimeout(this.#deadline);
    this.#up = true;
    this.#listen();
    this.#hooks.onUp({ connection: 'sse' });
  }

  #subscribe(request) {
    const stream = new ThreadStream(this.#base, request, {
      now: () => this.#clock.now(),
      fetch: (url, options) => this.#fetch.call(undefined, url, options),
      onFrame: (frame, chars) => this.#received(frame, chars),
      onRefused: (response) => this.#refused(request, response),
      onCutOff: (reason) => this.#end(1006, reason),
    });
    this.#streams.set(request.thread, stream);
    this.#giveTurns();
  }

  #unsubscribe({ id, thread }) {
    this.#streams.get(thread)?.stop();
    this.#streams.delete(thread);
    this.#giveTurns();
    queueMicrotask(() => !this.#closed && this.#hooks.onFrame({ op: 'unsubscribed', id, thread }, 0));
  }

  /** Each stream goes on with the newer token before the edge ends it for the older one. */
  #authorize({ token }) {
    this.#token = token;
    this.check();
    const { exp } = claimsOf(token);
    queueMicrotask(() => !this.#closed && this.#hooks.onFrame({ op: 'authorized', exp }, 0));
  }

  #received(frame, chars) {
    this.#tokenWasTaken = true;
    if (frame.op === 'welcome') this.#heartbeatMs = frame.heartbeatMs > 0 ? frame.heartbeatMs : DEFAULT_HEARTBEAT_MS;
    else if (frame.op === 'close') this.#end(frame.code, frame.reason);
    else this.#hooks.onFrame(frame, chars);
  }

  async #refused(request, response) {
    const { code, detail } = await response.json().catch(() => ({}));
    const { id, thread } = request;
    if (this.#closed || this.#streams.get(thread)?.request !== request) return;
    const { status } = response;
    // A token that was good once has expired since; one that never was is not going to be.
    if (status === 401) return this.#end(this.#tokenWasTaken ? 4005 : 4500, detail);
    if (code === undefined) return this.#end(1006, `status ${status}`);
    if (status === 429 || code === 'NODE_FULL' || code === 'DRAINING') return this.#end(1013, detail);
    if (status >= 500 && !isTransient(code)) return this.#end(1011, detail);
    this.#streams.delete(thread);
    this.#giveTurns();
    this.#hooks.onFrame({ op: 'error', id, thread, code, message: detail }, 0);
  }

  /** Opens as many streams as there may be; where more are wanted, one after the other gives way. */
  #giveTurns() {
    const all = [...this.#streams.values()];
    const waiting = all.filter(({ waits }) => waits);
    const taken = all.filter(({ isOpen }) => isOpen).map(({ place }) => place);
    const places = Array.from({ length: MAX_STREAMS }, (_, i) => `${this.#name}.${i}`);
    const free = places.filter((place) => !taken.includes(place));
    for (const stream of waiting.splice(0, free.length)) stream.open(this.#token, free.shift());
    this.#clock.clearTimeout(this.#turn);
    if (waiting.length > 0) this.#turn = this.#clock.setTimeout(() => this.#nextTurn(), TURN_MS);
  }

  #nextTurn() {
    const now = this.#clock.now();
    const over = ({ isOpen, live, openedAt }) => isOpen && now - openedAt >= TURN_MS * (live ? 1 : TURNS_BEHIND);
    const waiting = [...this.#streams.values()].filter(({ waits }) => waits).length;
    for (const stream of [...this.#streams.values()].filter(over).slice(0, waiting)) {
      stream.stop();
      this.#streams.delete(stream.request.thread);
      this.#streams.set(stream.request.thread, stream); // to the end of the line
    }
    this.#giveTurns();
  }

  #listen() {
    this.#watch = this.#clock.setTimeout(() => {
      const now = this.#clock.now();
      const silent = ({ isOpen, lastReadAt }) => isOpen && now - lastReadAt >= 2 * this.#heartbeatMs;
      if ([...this.#streams.values()].some(silent)) return this.#end(1006, 'silent');
      this.#listen();
    }, this.#heartbeatMs);
  }

  #end(closeCode, reason) {
    if (this.#closed) return;
    this.close();
    this.#hooks.onClosed(closeCode, reason);
  }
}
