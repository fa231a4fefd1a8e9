import { endsRun, Fold, HOLE } from './fold.js';

/** How far a reader of a thread has come: the cursor, and the fold of what lies before it. */
export class Position {
  cursor;
  fold;

  constructor(cursor, fold) {
    this.cursor = cursor;
    this.fold = fold;
  }

  static at(cursor, runs) {
    return new Position(cursor, new Fold({ known: runs }));
  }

  /** Judges an event and moves to its cursor, unless something before it is missing. */
  accept(frame) {
    const outcome = this.fold.accept(recordOf(frame));
    if (outcome !== HOLE) this.cursor = frame.cursor;
    return outcome;
  }

  copy() {
    return new Position(this.cursor, this.fold.copy());
  }
}

/** Whether this event is the last one of its run. */
export function isLastOfRun(frame, run) {
  return frame.op === 'event' && frame.run === run && endsRun(recordOf(frame));
}

/** The frame as the fold sees it; its source is known to the edge alone. */
function recordOf({ run, attempt, seq, final, event }) {
  return { run, attempt, seq, type: event.type, final };
}
