package io.runwire.loadtest.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.guarantee.Scenario.Plant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each bug is caught, by the guarantee that owns it and by no other, wherever it sits. */
class PlantedBugsTest {
  private static final int CAUGHT = 400;
  private static final int SEEDS = 10_000;

  @Test
  void nothingLostCatchesWhatNeverCame() {
    caught(ClientBugs.dropTheTail(), NothingLost.class);
  }

  @Test
  void nothingLostCatchesWhatTheLogLacks() {
    caught(SystemBugs.dropInLog(), NothingLost.class);
  }

  @Test
  void nothingLostCatchesALossThatTheWatchdogCovers() {
    caught(SystemBugs.dropInLogThatTheWatchdogCovers(), NothingLost.class);
  }

  @Test
  void nothingDoubledCatchesADuplicate() {
    caught(ClientBugs.duplicate(), NothingDoubled.class);
  }

  @Test
  void orderedPerRunCatchesASwap() {
    caught(ClientBugs.swap(), OrderedPerRun.class);
  }

  @Test
  void noSilentGapCatchesADrop() {
    caught(ClientBugs.dropInTheMiddle(), NoSilentGap.class);
  }

  @Test
  void noSilentGapCatchesADropBeforeTheFirst() {
    caught(ClientBugs.dropTheBeginning(), NoSilentGap.class);
  }

  @Test
  void noSilentGapCatchesASkippedNotice() {
    caught(ClientBugs.skippedGapNotice(), NoSilentGap.class);
  }

  @Test
  void noLeakCatchesAnotherThreadsEvent() {
    caught(ClientBugs.leak(), NoLeak.class);
  }

  @Test
  void noLeakCatchesAThreadThatNobodyAskedFor() {
    caught(ClientBugs.leakOfUnaskedThread(), NoLeak.class);
  }

  @Test
  void noLeakCatchesAHoleInTheRunFilter() {
    caught(ClientBugs.leakThroughRunFilter(), NoLeak.class);
  }

  @Test
  void noLeakCatchesAWrongKeyInTheLog() {
    caught(SystemBugs.misplacedInLog(), NoLeak.class);
  }

  @Test
  void samePositionSameBytesCatchesAFlippedBit() {
    caught(ClientBugs.flippedBit(), SamePositionSameBytes.class);
  }

  @Test
  void samePositionSameBytesCatchesAFlippedBitInTheLog() {
    caught(SystemBugs.flippedBitInLog(), SamePositionSameBytes.class);
  }

  @Test
  void samePositionSameBytesCatchesAFlippedEndMark() {
    caught(ClientBugs.flippedEndMark(), SamePositionSameBytes.class);
  }

  @Test
  void samePositionSameBytesCatchesAWrongCursor() {
    caught(ClientBugs.wrongCursor(), SamePositionSameBytes.class);
  }

  @Test
  void samePositionSameBytesCatchesAPhantom() {
    caught(ClientBugs.phantom(), SamePositionSameBytes.class);
  }

  @Test
  void exactlyOneFinalTerminalCatchesARunWithoutEnd() {
    caught(SystemBugs.runWithoutEnd(), ExactlyOneFinalTerminal.class);
  }

  @Test
  void exactlyOneFinalTerminalCatchesAnEndThatTheRouterLost() {
    caught(SystemBugs.dropTheEndInLog(), ExactlyOneFinalTerminal.class);
  }

  @Test
  void exactlyOneFinalTerminalCatchesAnEndThatNeverCame() {
    caught(ClientBugs.dropTheEnd(), ExactlyOneFinalTerminal.class);
  }

  @Test
  void exactlyOneFinalTerminalCatchesASecondEnd() {
    caught(SystemBugs.secondEnd(), ExactlyOneFinalTerminal.class);
  }

  @Test
  void noHealthyRunEndedCatchesAWatchdogThatDoesNotWait() {
    caught(SystemBugs.healthyRunEnded(), NoHealthyRunEnded.class);
  }

  @Test
  void replayEqualsLiveCatchesASwapAcrossRuns() {
    caught(ClientBugs.swapAcrossRuns(), ReplayEqualsLive.class);
  }

  @Test
  void replayEqualsLiveCatchesWhatNeverReachedTheLog() {
    caught(SystemBugs.shownButNotInLog(), ReplayEqualsLive.class);
  }

  private static void caught(Plant bug, Class<? extends Guarantee> owner) {
    long firstSeed = new Random().nextLong();
    System.out.println("PlantedBugsTest, for " + owner.getSimpleName() + ": seed " + firstSeed);
    int caught = 0;
    for (long seed = firstSeed; seed < firstSeed + SEEDS && caught < CAUGHT; seed++) {
      Optional<History> history = Scenario.planted(seed, bug);
      if (history.isPresent()) {
        List<Verdict> broken =
            Judge.judge(history.get()).verdicts().stream().filter(v -> !v.kept()).toList();
        assertThat(broken)
            .as("seed %d", seed)
            .extracting(Verdict::guarantee)
            .containsExactly(owner.getSimpleName());
        assertThat(broken.get(0).examples()).as("seed %d", seed).isNotEmpty();
        caught++;
      }
    }
    assertThat(caught).as("histories with a place for the bug").isEqualTo(CAUGHT);
  }
}
