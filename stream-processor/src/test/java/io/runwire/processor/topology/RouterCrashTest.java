package io.runwire.processor.topology;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.RejectReason;
import io.runwire.processor.topology.CrashingRouter.Output;
import io.runwire.processor.topology.CrashingRouter.Seen;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The router never loses; the reader never doubles. */
class RouterCrashTest {
  private static final List<Seen> WHOLE_RUN =
      List.of(new Seen("r", 1, 1), new Seen("r", 1, 2), new Seen("r", 1, 3), new Seen("r", 1, 4));

  private final CrashingRouter router = new CrashingRouter();

  @BeforeEach
  void aRun() {
    router.append(
        started("t", "r", 1),
        content("t", "r", 1, 2),
        content("t", "r", 1, 3),
        finished("t", "r", 1, 4));
  }

  @Test
  void aCrashReplayIsWrittenAgainByteForByte() {
    router.route(0, 4);
    router.route(1, 4);

    assertThat(router.output).hasSize(7);
    for (int i = 0; i < 3; i++) {
      assertThat(router.output.get(4 + i).sameBytes(router.output.get(1 + i))).isTrue();
    }
    assertThat(router.rejected).isEmpty();
    assertThat(router.read("t")).isEqualTo(WHOLE_RUN);
  }

  @Test
  void aStoreAheadOfTheOutputLosesNothing() {
    router.route(0, 4);
    router.loseOutputFrom(1); // the changelog was acknowledged, the output was not
    router.route(1, 4);

    assertThat(router.read("t")).isEqualTo(WHOLE_RUN);
  }

  @Test
  void anEventGoesOutBeforeItsRow() {
    router.route(0, 4);

    assertThat(router.sentBeforeRows).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aStoreThatWasTurnedBackDoublesNothing() {
    router.route(0, 3);
    router.findStoreAsAfter(0);
    router.route(3, 4);
    router.route(2, 4);

    assertThat(router.read("t")).isEqualTo(WHOLE_RUN);
  }

  @Test
  void aStoreThatWasWipedDoublesNothing() {
    router.route(0, 3);
    router.findStoreAsAfter(-1);
    router.route(2, 4);

    assertThat(router.read("t")).isEqualTo(WHOLE_RUN);
  }

  @Test
  void aZombiesBatchThatLandsAmongItsSuccessorsDoublesNothing() {
    router.route(0, 4);
    List<Output> inFlight = router.loseOutputFrom(2);
    router.route(1, 3);
    router.output.addAll(inFlight);
    router.route(3, 4);

    assertThat(router.read("t")).isEqualTo(WHOLE_RUN);
  }

  @Test
  void aProducerThatRepeatsAWholeRunIsRejectedAndSeenOnce() {
    router.append(
        started("t", "r", 1),
        content("t", "r", 1, 2),
        content("t", "r", 1, 3),
        finished("t", "r", 1, 4));
    router.route(0, 8);

    assertThat(router.output).hasSize(4);
    assertThat(router.rejected).hasSize(4).containsOnly(RejectReason.AFTER_TERMINAL);
    assertThat(router.read("t")).isEqualTo(WHOLE_RUN);
  }

  @Test
  void aReplayRejectsARunOfAnotherThreadAgain() {
    router.append(content("other", "r", 1, 2), started("t", "s", 1));
    router.route(0, 6);
    router.route(3, 6);

    assertThat(router.rejected)
        .containsExactly(RejectReason.WRONG_THREAD, RejectReason.WRONG_THREAD);
    assertThat(router.read("other")).isEmpty();
  }

  @Test
  void aReplayPassesOnWhatCameBeforeItsRunBelongedToAThread() {
    router.source.clear();
    router.append(content("other", "r", 1, 2), started("t", "r", 1));
    router.route(0, 2);
    router.loseOutputFrom(0);
    router.route(0, 2);

    assertThat(router.rejected).isEmpty();
    assertThat(router.output).hasSize(2);
  }

  @Test
  void aRunThatTheStoreKnowsFromFurtherAheadStillTakesWhatIsReplayed() {
    // Two attempts; the store has seen the second when the first is read again.
    router.source.set(3, started("t", "r", 2));
    router.append(finished("t", "r", 2, 2));
    router.route(0, 5);
    router.loseOutputFrom(0);
    router.route(0, 5);

    assertThat(router.rejected).isEmpty();
    assertThat(router.read("t"))
        .containsExactly(
            new Seen("r", 1, 1),
            new Seen("r", 1, 2),
            new Seen("r", 1, 3),
            new Seen("r", 2, 1),
            new Seen("r", 2, 2));
  }
}
