import { Backoff } from './backoff.js';
import { isOver } from './closecodes.js';
import { callBack, isTransient, RunwireError } from './errors.js';
import { HOLE, PASS } from './fold.js';
import { Inbox } from './inbox.js';
import { isLastOfRun, Position } from './position.js';

export const DEFAULT_MAX_BUFFERED = 10_000;
const MAX_BUFFERED_CHARS = 32 * 1024 * 1024;
const RESUBSCRIPTIONS_PER_HOLE = 3;

/**
 * One thread as it is read over whatever connection there is: subscribes, judges by the fold, and resumes.
 *
 *   connecting ──subscribed──▶ replaying ──live──▶ live
 *                               │  ▲                │
 *       connection lost, hole,  ▼  │ subscribed     │
 *       log unavailable:      reconnecting ◀────────┘   (`offline` while there is no network)
 *
 * and from each of them to `ended` (closed, run over, refused), `forbidden`, or with the client to `expired`, `evicted`.
 * There are two positions. `received` is where the next subscribe goes on; `inbox.taken` is what the consumer has.
 * With acks they are made equal before each subscribe: the server must see each event acknowledged that it sent.
 */
export class Reader {
  thread;
  state = 'connecting';
  inbox;
  /** The id of the latest subscribe frame; an `error` that carries it is about this subscription. */
  requestId;
  #wire;
  #options;
  #received;
  /** Whether the server has a subscription for us: 'off', 'asked' or 'open'. */
  #subscription = 'off';
  #period = 0;
  #wasSubscribed = false;
  #paused = false;
  #hole;
  #backoff;
  #retry;
  #retryAt;
  #retries = 0;
  #cause;
  /** Whether the server has a subscription that it cannot serve now, as it has said. */
  #stuck = false;
  /** What was received since the latest subscribe: { events, ts of the latest }. */
  #replay = { events: 0, ts: undefined };
  #gap;
  #acknowledged;
  #error;
  #done = false;

  /** @param wire what the client lends to its readers: the part of the client that its readers may use */
  constructor(wire, thread, options) {
    this.#wire = wire;
    this.thread = thread;
    this.#options = options;
    this.#backoff = new Backoff(wire.random);
    this.#received = Position.at(options.after, options.runs);
    this.inbox = new Inbox(this.#received.copy(), options, (entry) => this.#settled(entry));
  }

  /** The state with what is to be known of it, as it is at this moment. */
  get status() {
    const { state } = this;
    const about = { state, transport: this.#wire.link.transport, gap: this.#gap };
    if (this.#done) return { ...about, error: this.#error };
    if (state === 'live') return about;
    if (state === 'replaying') return { ...about, ...this.#progress() };
    const ours = this.#stuck || this.#retryAt !== undefined;
    return { ...about, ...(ours ? this.#trouble() : this.#wire.link.trouble) };
  }

  /** There is a connection, or another one: subscribes, unless there is a reason to wait. */
  connected() {
    if (this.#done) return;
    this.#stopRetry();
    this.#stuck = false;
    const { ack, run, from } = this.#options;
    if (ack) {
      this.inbox.clear();
      this.#received = this.inbox.taken.copy();
      this.#paused = false;
    }
    // While the consumer has yet to take what is here, more of it would not help.
    if (this.#paused || this.#received.fold.hasEnded(run)) return this.#become('replaying');
    const { cursor, fold } = this.#received;
    const runs = cursor === undefined ? {} : fold.runs();
    this.#period++;
    this.#acknowledged = undefined;
    this.#replay = { events: 0, ts: undefined };
    this.#subscription = 'asked';
    this.requestId = this.#wire.nextId();
    this.#wire.send({
      op: 'subscribe',
      id: this.requestId,
      thread: this.thread,
      run,
      after: cursor,
      runs: Object.keys(runs).length > 0 ? runs : undefined,
      from: cursor === undefined ? from : undefined,
      ack: ack || undefined,
    });
  }

  disconnected() {
    this.#subscription = 'off';
    this.#stuck = false;
    this.#stopRetry();
    this.#become(this.#away);
  }

  subscribed({ id, cursor }) {
    if (this.#subscription !== 'asked' || id !== this.requestId) return;
    this.#subscription = 'open';
    this.#wasSubscribed = true;
    this.#stuck = false;
    if (this.#received.cursor === undefined) {
      // Only then: if we resume and the next frame is a gap, the cursor must stay before it until it has been told.
      this.#received.cursor = cursor;
      this.inbox.moveTo(cursor, { period: this.#period });
    }
    this.#become('replaying');
  }

  event(frame, chars) {
    if (this.#subscription !== 'open') return;
    this.#goOn();
    const outcome = this.#received.accept(frame);
    if (outcome === HOLE) return this.#missing(frame, chars);
    if (outcome === PASS) {
      this.#replay.events++;
      this.#replay.ts = frame.ts;
      this.#retries = 0;
      if (this.#hole && fills(this.#hole, frame)) this.#hole = undefined;
      this.#backoff.reset();
      this.inbox.push(frame, chars, this.#period);
      this.#pauseIfFull();
    } else if (frame.redelivery !== undefined) {
      // It lies behind what was taken. That was acknowledged; the server has not heard it, so it is told again.
      if (this.#acknowledged !== undefined) this.#wire.acknowledgements.took(this.thread, this.#acknowledged);
    } else {
      this.inbox.moveTo(frame.cursor, { ack: frame.cursor, period: this.#period });
    }
  }

  live({ cursor }) {
    if (this.#subscription !== 'open') return;
    this.#stuck = false;
    this.#backoff.reset();
    this.#retries = 0;
    this.#received.cursor = cursor;
    this.#become('live');
    if (this.#done) return;
    this.inbox.moveTo(cursor, { live: true, period: this.#period });
  }

  /** The cursor stays: until something follows the gap, another attempt to resume is told of it again. */
  gap(frame) {
    if (this.#subscription === 'off') return;
    this.#goOn();
    this.#gap = frame;
    this.#received.fold.gap();
    this.inbox.push(frame, 0, this.#period);
  }

  /** The server took the subscription away; it does so unasked when the right to it is lost. */
  revoked() {
    if (this.#subscription === 'off') return;
    this.#subscription = 'off';
    if (this.#received.fold.hasEnded(this.#options.run)) return;
    this.#fail(new RunwireError('FORBIDDEN', 'the right to read this thread was lost', { thread: this.thread }));
  }

  /** The server's `error` in answer to this subscription. */
  refused(error) {
    if (this.#subscription === 'off') return; // it was given up already, and the next one will be judged anew
    if (isTransient(error.code) && this.#wire.link.transport === 'websocket') {
      this.#waitFor(error); // the server holds it
    } else if (isTransient(error.code)) {
      this.#wire.report(error);
      this.#resubscribeLater({ name: error.code, reason: error.message });
    } else {
      this.#subscription = 'off'; // the server holds none
      this.#fail(error);
    }
  }

  /** The server cannot serve the subscription now and goes on trying: nothing comes until it can. */
  stuck(error) {
    if (this.#subscription === 'open') this.#waitFor(error);
    else this.#wire.report(error);
  }

  #waitFor(error) {
    this.#wire.report(error);
    if (this.#done) return;
    this.#stuck = true;
    this.#cause = { name: error.code, reason: error.message };
    this.#become(this.#away);
  }

  /** Whatever comes is a sign that the server can again. */
  #goOn() {
    if (!this.#stuck) return;
    this.#stuck = false;
    this.#become('replaying');
  }

  /** The consumer has had enough. */
  close() {
    if (this.#done) return;
    this.#wire.acknowledgements.flush(this.thread);
    this.#unsubscribe();
    this.inbox.clear();
    this.end('ended');
  }

  /** Ends this reader alone, by what has been received if there is no error. */
  end(state, error) {
    if (this.#done) return;
    this.#done = true;
    this.#error = error;
    this.#stopRetry();
    this.#wire.acknowledgements.forget(this.thread);
    this.#wire.released(this);
    this.#become(state, error);
    this.inbox.end(error);
  }

  #fail(error) {
    this.#wire.report(error);
    this.end(error.code === 'FORBIDDEN' ? 'forbidden' : 'ended', error);
  }

  /** The consumer is through with an item, or the position moved on without one. */
  #settled({ frame, period, ack }) {
    if (this.#done) return;
    // What came in by an earlier subscription cannot be acknowledged in this one; resuming after it has said as much.
    const acknowledges = this.#options.ack && ack !== undefined;
    if (acknowledges && period === this.#period && this.#subscription === 'open') {
      this.#acknowledged = ack;
      this.#wire.acknowledgements.took(this.thread, ack);
    }
    if (frame && isLastOfRun(frame, this.#options.run)) {
      this.#wire.acknowledgements.flush(this.thread);
      this.#unsubscribe();
      this.end('ended');
    } else if (this.#paused && this.#fullness() <= 0.5) {
      this.#paused = false;
      if (this.#wire.up) this.connected();
    }
  }

  /** Neither transport can be told to wait, so a consumer that is far behind leaves and comes back by its cursor. */
  #pauseIfFull() {
    // With acks the server's window is the bound; streams have none.
    if (this.#done || (this.#options.ack && this.#wire.link.transport === 'websocket')) return;
    if (this.#fullness() < 1) return;
    this.#paused = true;
    this.#unsubscribe();
    this.#become('replaying');
  }

  #fullness() {
    return Math.max(this.inbox.items / this.#options.maxBuffered, this.inbox.chars / MAX_BUFFERED_CHARS);
  }

  /** An event that should have come before this one did not: asks for it a few times, then says that it is missing. */
  #missing(frame, chars) {
    const [attempt, last] = this.#received.fold.runs()[frame.run];
    const times = (this.#hole?.times ?? 0) + 1;
    if (times <= RESUBSCRIPTIONS_PER_HOLE) {
      this.#hole = { run: frame.run, attempt, last, times };
      return this.#resubscribeLater({ name: 'HOLE', reason: `run ${frame.run}: seq ${last + 1} did not come` });
    }
    this.#hole = undefined;
    const from = this.#received.cursor;
    const gap = { op: 'gap', thread: this.thread, reason: 'HOLE', from, to: frame.cursor };
    const what = `run ${frame.run}: attempt ${frame.attempt} seq ${frame.seq} came after attempt ${attempt} seq ${last}`;
    this.#wire.report(new RunwireError('HOLE', what, { thread: this.thread }));
    this.gap(gap);
    this.event(frame, chars);
  }

  #resubscribeLater(cause) {
    if (this.#done) return;
    this.#unsubscribe();
    const { clock } = this.#wire;
    const pauseMs = this.#backoff.next();
    this.#retries++;
    this.#cause = cause;
    this.#retryAt = clock.now() + pauseMs;
    this.#retry = clock.setTimeout(() => this.connected(), pauseMs);
    this.#become(this.#away);
  }

  #stopRetry() {
    this.#wire.clock.clearTimeout(this.#retry);
    this.#retryAt = undefined;
  }

  get #away() {
    if (!this.#wire.up && this.#wire.link.offline) return 'offline';
    return this.#wasSubscribed ? 'reconnecting' : 'connecting';
  }

  #trouble() {
    const retryInMs = this.#stuck ? 0 : Math.max(0, this.#retryAt - this.#wire.clock.now());
    return { attempt: Math.max(1, this.#retries), retryInMs, cause: this.#cause };
  }

  #progress() {
    const { events, ts } = this.#replay;
    return { events, behindMs: ts === undefined ? undefined : Math.max(0, this.#wire.clock.wallTime() - ts) };
  }

  #unsubscribe() {
    if (this.#subscription === 'off') return;
    this.#subscription = 'off';
    this.#wire.acknowledgements.forget(this.thread);
    this.#wire.unsubscribe(this.thread);
  }

  /** Callbacks may do anything, such as close this reader or another: an end is never taken back. */
  #become(state, error) {
    if (state === this.state || isOver(this.state)) return;
    this.state = state;
    this.#wire.changed();
    callBack(this.#options.onState, state, error);
  }
}

/** Whether this event is beyond what the run had come to when its hole was seen. */
function fills({ run, attempt, last }, frame) {
  return frame.run === run && (frame.attempt > attempt || (frame.attempt === attempt && frame.seq > last));
}
