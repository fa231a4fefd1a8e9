import { Timeline } from './timeline.js';

/** What a page keeps of a run: this many events, and this much text of them. */
export const MOST_EVENTS = 50_000;
export const MOST_CHARS = 16_000_000;

/** A run as it was recorded. `at(n)` tells when its n-th event came, and `until(n)` how the run stood then. */
export class Recording {
  thread;
  run;
  /** Frames in their order: {op: 'event', …} as of the wire, or {op: 'gap', reason}. */
  frames = [];
  /** Behind the first event, in ms; clocks that were set back make no event earlier than the one before. */
  #times = [];
  #chars = 0;
  #limits;
  /** How the run stands after the first `#folded` frames. */
  #timeline;
  #folded = 0;

  constructor(thread, run, limits = { events: MOST_EVENTS, chars: MOST_CHARS }) {
    this.thread = thread;
    this.run = run;
    this.#limits = limits;
    this.#timeline = new Timeline(thread);
  }

  get length() {
    return this.frames.length;
  }

  /** Keeps a frame of so many characters; false if there is no more room. */
  take(frame, chars) {
    if (this.frames.length >= this.#limits.events || this.#chars + chars > this.#limits.chars) return false;
    const before = this.#times.at(-1) ?? 0;
    this.#times.push(frame.ts === undefined ? before : Math.max(before, frame.ts - (this.startedAt ?? frame.ts)));
    this.frames.push(frame);
    this.#chars += chars;
    return true;
  }

  /** When the first event was appended; undefined while there is none. */
  get startedAt() {
    return this.frames.find(({ ts }) => ts !== undefined)?.ts;
  }

  /** How long into the run the n-th frame came, in ms; n counts from 1. */
  at(n) {
    return this.#times[Math.min(n, this.length) - 1] ?? 0;
  }

  get lastsMs() {
    return this.at(this.length);
  }

  /** How many frames had come by then. */
  countAt(ms) {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle] <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The run after its first n frames; undefined where that is none. Going on is cheap, going back folds anew. */
  until(n) {
    if (n < this.#folded) {
      this.#timeline = new Timeline(this.thread);
      this.#folded = 0;
    }
    while (this.#folded < Math.min(n, this.length)) this.#timeline.apply(this.frames[this.#folded++]);
    return this.#timeline.current;
  }
}
