import { Attempt } from './attempt.js';
import { Proof } from './proof.js';

/** Runs of the thread that are kept; the oldest go first. */
const MOST_RUNS = 50;

/**
 * One thread as the console shows it: a pure fold of the frames that the SDK hands on.
 *
 *   Timeline ─▶ runs ─▶ attempts ─▶ items
 *
 * A newer attempt replaces the older one; the older is kept to be looked at.
 */
export class Timeline {
  thread;
  /** In the order in which the runs began. */
  runs = [];
  /** Runs that are no longer kept. */
  dropped = 0;
  received = 0;
  #lostInDropped = 0;
  #doubledInDropped = 0;
  #byId = new Map();
  #gapSeen = false;

  constructor(thread) {
    this.thread = thread;
  }

  /** Takes in a frame with op `event` or `gap`. */
  apply(frame) {
    if (frame.op === 'event') this.#event(frame);
    else if (frame.op === 'gap') this.#gap(frame);
  }

  /** The run that began last; undefined while nothing has come. */
  get current() {
    return this.runs.at(-1);
  }

  get lost() {
    return this.runs.reduce((sum, { proof }) => sum + proof.lost, this.#lostInDropped);
  }

  get doubled() {
    return this.runs.reduce((sum, { proof }) => sum + proof.doubled, this.#doubledInDropped);
  }

  /** Notes among the newest run's items that the page was cut off here. */
  cutHere(interruption) {
    this.current?.attempt.add('interruption', `cut-${this.received}`, interruption.cutAt, { interruption });
  }

  #event(frame) {
    this.received++;
    const run = this.#byId.get(frame.run) ?? this.#begin(frame);
    if (!run.proof.accept(frame.attempt, frame.seq)) return;
    run.take(frame);
  }

  #gap({ reason }) {
    this.#gapSeen = true;
    for (const { proof } of this.runs) proof.gap();
    this.current?.attempt.add('gap', `gap-${this.received}`, undefined, { reason });
    if (this.current) this.current.version++;
  }

  #begin({ run: id, ts }) {
    const run = new Run(id, ts, new Proof(this.#gapSeen));
    this.runs.push(run);
    this.#byId.set(id, run);
    if (this.runs.length > MOST_RUNS) this.#drop();
    return run;
  }

  /** Gives up the oldest run, if possible one that has ended. */
  #drop() {
    const ended = this.runs.findIndex((run) => run.ended);
    const [{ id, proof }] = this.runs.splice(Math.max(0, ended), 1);
    this.#byId.delete(id);
    this.#lostInDropped += proof.lost;
    this.#doubledInDropped += proof.doubled;
    this.dropped++;
  }
}

/** One run: its attempts, the last of which counts. */
class Run {
  id;
  startedAt;
  attempts = [];
  proof;
  /** The final terminal event has come. */
  ended = false;
  /** Grows with every change. */
  version = 0;

  constructor(id, startedAt, proof) {
    this.id = id;
    this.startedAt = startedAt;
    this.proof = proof;
  }

  get attempt() {
    return this.attempts.at(-1);
  }

  /** running | retrying | finished | interrupted | cancelled | error */
  get status() {
    if (this.ended || this.attempt.status === 'running') return this.attempt.status;
    return 'retrying';
  }

  get endedAt() {
    return this.ended ? this.attempt.endedAt : undefined;
  }

  get question() {
    return this.attempts.findLast(({ question }) => question !== undefined)?.question;
  }

  take({ attempt, ts, final, event }) {
    if (this.attempt?.number !== attempt) this.#next(attempt, ts);
    this.attempt.apply(event, ts);
    if (this.attempt.status !== 'running') this.ended = final !== false;
    this.version++;
  }

  #next(number, ts) {
    const before = this.attempt;
    if (before?.status === 'running')
      before.end('error', ts, { message: 'A newer attempt has taken over.', code: 'FENCED' });
    this.attempts.push(new Attempt(number, ts));
  }
}
