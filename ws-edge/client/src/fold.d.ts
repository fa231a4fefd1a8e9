/** The fold: which records of a thread's log a reader passes on, so that each event is seen once and in order. */

export type Outcome = 'PASS' | 'OLD_ATTEMPT' | 'ENDED' | 'REPEATED' | 'HOLE' | 'BELOW_FLOOR';

export declare const PASS: 'PASS';
export declare const OLD_ATTEMPT: 'OLD_ATTEMPT';
export declare const ENDED: 'ENDED';
export declare const REPEATED: 'REPEATED';
export declare const HOLE: 'HOLE';
export declare const BELOW_FLOOR: 'BELOW_FLOOR';
export declare const DEFAULT_CAPACITY: 64;

/** What a reader has of the thread's runs: run → [attempt, seq]. */
export type Runs = Record<string, [attempt: number, seq: number]>;

export interface FoldRecord {
  run: string;
  attempt: number;
  seq: number;
  type: string;
  /** On a terminal event: whether it ends the run (default) or only the attempt. */
  final?: boolean;
  /** Offset of the record's source in agent-events, where it is known. */
  src?: number;
}

/** Whether this record ends its run, not only its attempt. */
export declare function endsRun(record: Pick<FoldRecord, 'type' | 'final'>): boolean;

export declare class Fold {
  constructor(start?: { capacity?: number; floor?: number; known?: Runs });
  accept(record: FoldRecord): Outcome;
  gap(): void;
  hasEnded(run: string): boolean;
  runs(): Runs;
  copy(): Fold;
}
