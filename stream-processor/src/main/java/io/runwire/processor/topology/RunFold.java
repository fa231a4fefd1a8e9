package io.runwire.processor.topology;

import io.runwire.event.Envelope;
import io.runwire.fold.Fold;
import io.runwire.fold.RunPosition;
import io.runwire.fold.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * The readers' own {@link Fold}, applied to one run whose position is kept in a store. Router and
 * ledger judge by this, so that they cannot come to differ from what readers do.
 *
 * @param verdict on the record
 * @param position of the run afterwards
 */
public record RunFold(Verdict verdict, RunPosition position) {
  /** Judges the next record of a run that is known up to a position, or not known at all. */
  public static RunFold of(@Nullable RunPosition known, Envelope next) {
    Fold fold = new Fold(1, Fold.NO_FLOOR);
    if (known != null) {
      fold.know(next.run(), known);
    }
    Verdict verdict = fold.apply(next);
    return new RunFold(verdict, fold.position(next.run()).orElseThrow());
  }
}
