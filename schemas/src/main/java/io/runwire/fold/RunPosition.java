package io.runwire.fold;

import io.runwire.event.Envelope;

/**
 * How far a reader has come in a run.
 *
 * @param attempt the current attempt, from 1
 * @param seq the last one handed on
 * @param progress whether more may follow
 */
public record RunPosition(int attempt, long seq, Progress progress) {
  /** Whether more may follow in a run. */
  public enum Progress {
    OPEN,
    /** The attempt ended with {@code final:false}: another one follows. */
    ATTEMPT_ENDED,
    /** The run ended for good. */
    RUN_ENDED
  }

  /** What a reader knows that only counts: attempt and seq of a run that may go on. */
  public static RunPosition at(int attempt, long seq) {
    return new RunPosition(attempt, seq, Progress.OPEN);
  }

  /** Where a run stands when that record of it was the last to pass. */
  public static RunPosition after(Envelope record) {
    Progress progress =
        record.ends()
            ? Progress.RUN_ENDED
            : record.type().terminal() ? Progress.ATTEMPT_ENDED : Progress.OPEN;
    return new RunPosition(record.attempt(), record.seq(), progress);
  }

  /** The rule for the next record of a run that stands here: {@link Fold}'s, without gaps. */
  public Verdict judge(Envelope next) {
    return judge(next.attempt(), next.seq(), false);
  }

  /**
   * The rule.
   *
   * @param mayJump whether a gap was announced since the run's last record, so that a hole is no
   *     news
   */
  Verdict judge(int nextAttempt, long nextSeq, boolean mayJump) {
    if (progress == Progress.RUN_ENDED) {
      return Verdict.ENDED;
    }
    if (nextAttempt < attempt) {
      return Verdict.OLD_ATTEMPT;
    }
    if (nextAttempt > attempt) {
      return nextSeq == 1 || mayJump ? Verdict.PASS : Verdict.HOLE;
    }
    if (progress == Progress.ATTEMPT_ENDED) {
      return Verdict.ENDED;
    }
    if (nextSeq <= seq) {
      return Verdict.REPEATED;
    }
    return nextSeq == seq + 1 || mayJump ? Verdict.PASS : Verdict.HOLE;
  }
}
