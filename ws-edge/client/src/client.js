import { Acknowledgements } from './acknowledgements.js';
import { isOver } from './closecodes.js';
import { isTransient, RunwireError } from './errors.js';
import { Link } from './link.js';
import { Listeners } from './listeners.js';
import { connectOptions, threadOptions } from './options.js';
import { Reader } from './reader.js';
import { Subscription } from './subscription.js';

const EVENTS = ['state', 'status', 'error', 'connected', 'disconnected', 'authorized', 'draining'];

/** The client is as well off as the worst off of its subscriptions. */
const WORST_FIRST = ['reconnecting', 'connecting', 'replaying', 'live'];

/** Shares one link to the edge among the threads that are read. */
export class Client {
  #link;
  #wire;
  #listeners = new Listeners(EVENTS);
  /** thread → Reader, those that have not ended */
  #readers = new Map();
  /** How the link is: 'connecting' (the first time), 'up', 'reconnecting', or over, by the state that says how. */
  #phase = 'connecting';
  #state = 'connecting';
  #error;
  #lastId = 0;
  /** Ids of the unsubscribe frames that await their answer. */
  #unsubscribing = new Set();

  constructor(options) {
    const checked = connectOptions(options);
    this.#link = new Link(checked, {
      onUp: (to) => this.#up(to),
      onFrame: (frame, chars) => this.#received(frame, chars),
      onDown: (why) => this.#down(why),
      onOver: (state, error) => this.#over(state, error),
      onError: (error) => this.#listeners.emit('error', error),
      onAuthorized: (until) => this.#listeners.emit('authorized', until),
      onDraining: (when) => this.#draining(when),
      onNetwork: () => this.#networkChanged(),
    });
    this.#wire = this.#lendToReaders(checked);
  }

  get state() {
    return this.#state;
  }

  /** The state with what is to be known of it, as it is at this moment. */
  get status() {
    const state = this.#state;
    const { transport, trouble, drainPauseMs } = this.#link;
    if (this.#isOver) return { state, transport, error: this.#error };
    if (this.#phase !== 'up') return { state, transport, ...trouble };
    if (state === 'draining') return { state, transport, retryAfterMs: drainPauseMs };
    const worst = [...this.#readers.values()].find((reader) => reader.state === state);
    return worst?.status ?? { state, transport };
  }

  on(name, fn) {
    return this.#listeners.on(name, fn);
  }

  thread(thread, options) {
    const checked = threadOptions(thread, options);
    if (this.#isOver) throw new RunwireError('CLOSED', `the client has ${this.#state}`, { thread });
    if (this.#readers.has(thread)) {
      throw new RunwireError('ALREADY_SUBSCRIBED', `thread ${thread} has a subscription already`, { thread });
    }
    const reader = new Reader(this.#wire, thread, checked);
    this.#readers.set(thread, reader);
    if (this.#link.up) reader.connected();
    this.#restate();
    return new Subscription(reader);
  }

  retry() {
    this.#link.retry();
  }

  dropConnection() {
    this.#link.drop();
  }

  close() {
    if (this.#isOver) return;
    this.#wire.acknowledgements.flushAll();
    this.#link.close();
    this.#phase = 'ended';
    for (const reader of [...this.#readers.values()]) reader.close();
    this.#wire.acknowledgements.clear();
    this.#restate();
  }

  get #isOver() {
    return isOver(this.#phase);
  }

  /** The part of the client that its readers may use. */
  #lendToReaders({ clock, random }) {
    const link = this.#link;
    const send = (frame) => link.send(frame);
    return {
      clock,
      random,
      send,
      acknowledgements: new Acknowledgements(send, clock),
      get up() {
        return link.up;
      },
      get link() {
        return link;
      },
      nextId: () => ++this.#lastId,
      unsubscribe: (thread) => {
        const id = ++this.#lastId;
        this.#unsubscribing.add(id);
        send({ op: 'unsubscribe', id, thread });
      },
      report: (error) => this.#listeners.emit('error', error),
      changed: () => this.#restate(),
      released: ({ thread }) => this.#readers.delete(thread),
    };
  }

  #up(to) {
    this.#phase = 'up';
    this.#unsubscribing.clear();
    this.#wire.acknowledgements.clear();
    this.#listeners.emit('connected', to);
    for (const reader of [...this.#readers.values()]) reader.connected();
    this.#restate(true);
  }

  #down(why) {
    if (this.#phase === 'up') this.#phase = 'reconnecting';
    this.#unsubscribing.clear();
    this.#wire.acknowledgements.clear();
    this.#listeners.emit('disconnected', why);
    for (const reader of [...this.#readers.values()]) reader.disconnected();
    this.#restate(true);
  }

  #draining(when) {
    this.#listeners.emit('draining', when);
    this.#restate(true);
  }

  #networkChanged() {
    if (this.#phase === 'up' || this.#isOver) return;
    for (const reader of [...this.#readers.values()]) reader.disconnected();
    this.#restate();
  }

  #over(state, error) {
    this.#phase = state;
    this.#error = error;
    this.#wire.acknowledgements.clear();
    this.#listeners.emit('error', error);
    for (const reader of [...this.#readers.values()]) reader.end(state, error);
    this.#restate();
  }

  #received(frame, chars) {
    const reader = this.#readers.get(frame.thread);
    switch (frame.op) {
      case 'event':
        return reader?.event(frame, chars);
      case 'live':
        return reader?.live(frame);
      case 'gap':
        return reader?.gap(frame);
      case 'subscribed':
        return reader?.subscribed(frame);
      case 'unsubscribed':
        if (!this.#unsubscribing.delete(frame.id)) reader?.revoked();
        return undefined;
      case 'error':
        return this.#refused(frame);
      default: // `pong` has done its work by coming; what a later server may add is not for us
        return undefined;
    }
  }

  #refused({ id, code, message, thread }) {
    if (this.#unsubscribing.delete(id)) return; // it was gone already
    const reader = [...this.#readers.values()].find(({ requestId }) => requestId !== undefined && requestId === id);
    const error = new RunwireError(code, message, { thread: reader?.thread ?? thread });
    const about = id === undefined && isTransient(code) ? this.#readers.get(thread) : undefined;
    if (reader) reader.refused(error);
    else if (about) about.stuck(error);
    else this.#listeners.emit('error', error);
  }

  /** @param changed whether there is more to tell than another state */
  #restate(changed = false) {
    const before = this.#state;
    this.#state = this.#newState();
    if (this.#state !== before) this.#listeners.emit('state', this.#state);
    if (this.#state !== before || changed) this.#listeners.emit('status', this.status);
  }

  #newState() {
    if (this.#isOver) return this.#phase;
    if (this.#phase !== 'up') return this.#link.offline ? 'offline' : this.#phase;
    const states = [...this.#readers.values()].map(({ state }) => state);
    const worst = WORST_FIRST.find((state) => states.includes(state)) ?? 'live';
    return worst === 'live' && this.#link.drainPauseMs !== undefined ? 'draining' : worst;
  }
}
