/**
 * The fold: the one rule that makes exactly-once out of a log that holds every record at least once.
 * Pure; its Java twin and this file are held together by `schemas/vectors/fold.json`.
 */

/** What the fold says about a record. Everything but PASS is a skip. */
export const PASS = 'PASS';
/** A newer attempt of the run has begun. */
export const OLD_ATTEMPT = 'OLD_ATTEMPT';
/** The run, or this attempt of it, has had its terminal event. */
export const ENDED = 'ENDED';
/** This record, or a later one of the attempt, has been passed on. */
export const REPEATED = 'REPEATED';
/** Something before this record is missing; whoever fills it in repeats what follows. */
export const HOLE = 'HOLE';
/** The first sight of a run, but of a record that was there before the reader joined. */
export const BELOW_FLOOR = 'BELOW_FLOOR';

/** How many runs of a thread are remembered; the least recently touched is forgotten first. */
export const DEFAULT_CAPACITY = 64;

const TERMINAL_TYPES = new Set(['RUN_FINISHED', 'RUN_ERROR']);

/** Whether this record ends its run, not only its attempt. `final` is true unless it says otherwise. */
export function endsRun({ type, final }) {
  return TERMINAL_TYPES.has(type) && final !== false;
}

function endOf(record) {
  if (!TERMINAL_TYPES.has(record.type)) return 'no';
  return endsRun(record) ? 'run' : 'attempt';
}

function judge(known, attempt, seq) {
  if (known.ended === 'run') return ENDED;
  if (attempt < known.attempt) return OLD_ATTEMPT;
  if (attempt > known.attempt) return seq === 1 || known.mayJump ? PASS : HOLE;
  if (known.ended === 'attempt') return ENDED;
  if (seq <= known.last) return REPEATED;
  return seq === known.last + 1 || known.mayJump ? PASS : HOLE;
}

/** The state of one reader of one thread. */
export class Fold {
  /** run → { attempt, last, ended: 'no' | 'attempt' | 'run', src, mayJump }; the longest untouched stands first. */
  #runs = new Map();
  #capacity;
  #floor;

  /**
   * @param {object} [start]
   * @param {number} [start.capacity] how many runs are remembered
   * @param {number} [start.floor] the source offset up to which an unknown run counts as seen
   * @param {Record<string, [number, number]>} [start.known] what a resuming reader has: run → [attempt, seq]
   */
  constructor({ capacity = DEFAULT_CAPACITY, floor = -1, known = {} } = {}) {
    this.#capacity = capacity;
    this.#floor = floor;
    for (const [run, [attempt, last]] of Object.entries(known)) {
      this.#remember(run, { attempt, last, ended: 'no', src: floor, mayJump: false });
    }
  }

  /** Judges the next record of the log. Only PASS changes what is known of its run. */
  accept(record) {
    const { run, attempt, seq, src } = record;
    const known = this.#runs.get(run);
    const outcome = known ? judge(known, attempt, seq) : this.#judgeUnknown(src);
    if (outcome === PASS) {
      const highest = Math.max(known?.src ?? this.#floor, src ?? this.#floor);
      this.#remember(run, { attempt, last: seq, ended: endOf(record), src: highest, mayJump: false });
    } else if (known) {
      this.#remember(run, known); // a skip is a touch, too
    }
    return outcome;
  }

  /**
   * A part of the log is known to be missing: the next record of each run may lie anywhere ahead of its last.
   * The permission ends with the first record that the run passes on, jump or not.
   */
  gap() {
    for (const known of this.#runs.values()) known.mayJump = true;
  }

  /** Whether the run has had its final terminal event. */
  hasEnded(run) {
    return this.#runs.get(run)?.ended === 'run';
  }

  /** What this reader has: run → [attempt, seq]. */
  runs() {
    return Object.fromEntries([...this.#runs].map(([run, { attempt, last }]) => [run, [attempt, last]]));
  }

  copy() {
    const twin = new Fold({ capacity: this.#capacity, floor: this.#floor });
    for (const [run, known] of this.#runs) twin.#runs.set(run, { ...known });
    return twin;
  }

  #judgeUnknown(src) {
    return src === undefined || src > this.#floor ? PASS : BELOW_FLOOR;
  }

  #remember(run, state) {
    this.#runs.delete(run); // so that it goes to the end of the order
    this.#runs.set(run, state);
    if (this.#runs.size <= this.#capacity) return;
    const [oldest, { src }] = this.#runs.entries().next().value;
    this.#runs.delete(oldest);
    // A replay of what was just forgotten must not look like a new run. Records pass in the order of their
    // source, so whatever lies at or below this offset has been before this reader already.
    this.#floor = Math.max(this.#floor, src);
  }
}
