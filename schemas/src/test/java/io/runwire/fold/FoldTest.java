package io.runwire.fold;

import static io.runwire.fold.Verdict.BELOW_FLOOR;
import static io.runwire.fold.Verdict.ENDED;
import static io.runwire.fold.Verdict.HOLE;
import static io.runwire.fold.Verdict.PASS;
import static io.runwire.fold.Verdict.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.fold.RunPosition.Progress;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What the shared vectors cannot say: positions, and floors that move. */
class FoldTest {
  private static final EventType CONTENT = EventType.TEXT_MESSAGE_CONTENT;

  @Test
  void tellsHowFarItHasComeInARun() {
    Fold fold = new Fold(2, Fold.NO_FLOOR);

    fold.apply(record("a", 3, 1, 10, EventType.RUN_STARTED, false));
    assertThat(fold.position("a")).contains(new RunPosition(3, 1, Progress.OPEN));
    fold.apply(record("a", 3, 2, 11, EventType.RUN_ERROR, false));
    assertThat(fold.position("a")).contains(new RunPosition(3, 2, Progress.ATTEMPT_ENDED));
    fold.apply(record("a", 4, 1, 12, EventType.RUN_ERROR, true));
    assertThat(fold.position("a")).contains(new RunPosition(4, 1, Progress.RUN_ENDED));
    assertThat(fold.position("b")).isEmpty();
  }

  @Test
  void refusesToRememberNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Fold(0, Fold.NO_FLOOR))
        .withMessage("capacity: 0 (expected: >= 1)");
  }

  /** The replay passes 3 at an earlier source offset than 2, which must not lower the floor. */
  @Test
  void aRunForgottenAfterTheReplayOfItsFilledHoleStaysSilent() {
    Fold fold = new Fold(1, Fold.NO_FLOOR);

    assertThat(fold.apply(record("a", 1, 1, 10))).isEqualTo(PASS);
    assertThat(fold.apply(record("a", 1, 3, 11))).isEqualTo(HOLE);
    assertThat(fold.apply(record("a", 1, 2, 12))).isEqualTo(PASS);
    assertThat(fold.apply(record("a", 1, 3, 11))).isEqualTo(PASS);
    assertThat(fold.apply(record("b", 1, 1, 13))).isEqualTo(PASS);

    assertThat(fold.floor()).isEqualTo(12);
    assertThat(fold.apply(record("a", 1, 2, 12))).isEqualTo(BELOW_FLOOR);
  }

  @Test
  void aGapMovesTheFloor() {
    Fold fold = new Fold(2, 5);

    fold.gap(20);

    assertThat(fold.floor()).isEqualTo(20);
    assertThat(fold.apply(record("a", 1, 7, 20))).isEqualTo(BELOW_FLOOR);
    assertThat(fold.apply(record("a", 1, 7, 21))).isEqualTo(PASS);
  }

  /** The other log counts from 0 again, so that old offsets would hide all of it. */
  @Test
  void onAnotherLogTheOffsetsOfTheFormerOneHideNothing() {
    Fold fold = new Fold(1, Fold.NO_FLOOR);
    fold.apply(record("a", 1, 1, 1_000));

    fold.gap(Fold.NO_FLOOR);

    assertThat(fold.apply(record("b", 1, 1, 0))).isEqualTo(PASS);
    assertThat(fold.apply(record("c", 1, 1, 1))).isEqualTo(PASS);
  }

  @Test
  void onAnotherLogWhatWasReadIsStillRead() {
    Fold fold = new Fold(2, Fold.NO_FLOOR);
    fold.apply(record("a", 1, 1, 1_000));
    fold.apply(record("b", 1, 1, 1_001, EventType.RUN_ERROR, true));

    fold.gap(Fold.NO_FLOOR);

    assertThat(fold.apply(record("a", 1, 1, 0))).isEqualTo(REPEATED);
    assertThat(fold.apply(record("b", 1, 2, 1))).isEqualTo(ENDED);
    assertThat(fold.apply(record("a", 1, 2, 2))).isEqualTo(PASS);
  }

  private static Envelope record(String run, int attempt, long seq, long source) {
    return record(run, attempt, seq, source, CONTENT, false);
  }

  private static Envelope record(
      String run, int attempt, long seq, long source, EventType type, boolean ends) {
    return new Envelope(
        "thread",
        run,
        attempt,
        seq,
        type,
        ends,
        Optional.empty(),
        Origin.AGENT,
        Optional.of(new SourcePosition(new Uuid(0, 1), 0, source)));
  }
}
