package io.runwire.loadtest.guarantee;

import static io.runwire.loadtest.guarantee.Journal.FORMER_LOG;
import static io.runwire.loadtest.guarantee.Journal.LOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.fold.Verdict;
import io.runwire.loadtest.journal.Sent.Result;
import org.junit.jupiter.api.Test;

/** Histories that are easily judged wrongly. */
class ExamplesTest {
  @Test
  void nothingIsWrongWithTheEmptyHistory() {
    assertThat(new Journal().broken()).isEmpty();
  }

  @Test
  void routersThatHaltForGoodHaveSaidSo() {
    assertThat(
            new Journal()
                .sent(1)
                .logged(0, 1, Verdict.PASS)
                .sentAt(100_000, 2)
                .halts(105_000)
                .sentEndAt(110_000, 3)
                .broken())
        .isEmpty();
  }

  @Test
  void whatWasLostBeforeTheRoutersHaltedWasSilent() {
    assertThat(
            new Journal()
                .sent(1)
                .logged(0, 1, Verdict.PASS)
                .sentAt(80_000, 2)
                .sentAt(81_000, 3)
                .halts(100_000)
                .broken())
        .containsExactly("NothingLost");
  }

  @Test
  void aRunMayStayOpenWhereTheRoutersHaltedBeforeItsSilenceRanOut() {
    assertThat(openRun().halts(170_000).broken()).isEmpty();
  }

  @Test
  void aRunThatAWatchdogHadTimeToEndMayNotStayOpen() {
    assertThat(openRun().halts(170_001).broken()).containsExactly("ExactlyOneFinalTerminal");
    assertThat(openRun().broken()).containsExactly("ExactlyOneFinalTerminal");
  }

  /** Its agent is killed at 100,000 ms. */
  private static Journal openRun() {
    return new Journal()
        .sent(1)
        .sentAt(100_000, 2)
        .logged(0, 1, Verdict.PASS)
        .logged(1, 2, Verdict.PASS);
  }

  @Test
  void anUnknownSendMayBeMissing() {
    assertThat(
            new Journal()
                .sent(1)
                .sent(2, "CUSTOM", false, Result.UNKNOWN)
                .logged(0, 1, Verdict.PASS)
                .loggedWatchdog(1, 2, 60_000)
                .broken())
        .isEmpty();
  }

  @Test
  void anUnknownSendMayAppear() {
    assertThat(
            new Journal()
                .sent(1)
                .sent(2, "CUSTOM", false, Result.UNKNOWN)
                .logged(0, 1, Verdict.PASS)
                .logged(1, 2, Verdict.PASS)
                .loggedWatchdog(2, 3, 60_000)
                .broken())
        .isEmpty();
  }

  @Test
  void anUnknownSendThatAppearsMustReachClients() {
    assertThat(
            new Journal()
                .sent(1)
                .sent(2, "CUSTOM", false, Result.UNKNOWN)
                .sentEnd(3)
                .logged(0, 1, Verdict.PASS)
                .logged(1, 2, Verdict.PASS)
                .loggedEnd(2, 3)
                .follows("earliest")
                .sees(LOG, 0, 1)
                .seesEnd(2, 3, 3)
                .broken())
        .containsExactly("NoSilentGap");
  }

  @Test
  void whatIsConfirmedAboveAnUnconfirmedEventIsNotSettled() {
    assertThat(
            new Journal()
                .sent(1)
                .sent(2, "CUSTOM", false, Result.UNKNOWN)
                .sent(3)
                .logged(0, 1, Verdict.PASS)
                .logged(1, 3, Verdict.HOLE)
                .loggedWatchdog(2, 2, 60_000)
                .broken())
        .isEmpty();
  }

  @Test
  void theWatchdogMayComeBeforeTheAgent() {
    assertThat(watchdogBefore(60_000, 70_000).broken()).isEmpty();
  }

  @Test
  void theWatchdogMayNotEndARunWhoseAgentIsAtWork() {
    assertThat(watchdogBefore(100, 200).broken()).containsExactly("NoHealthyRunEnded");
  }

  /** An agent's second event comes after the watchdog's word. */
  private static Journal watchdogBefore(long wordMs, long secondMs) {
    return new Journal()
        .sent(1)
        .sentAt(secondMs, 2)
        .logged(0, 1, Verdict.PASS)
        .loggedWatchdog(1, 2, wordMs)
        .follows("earliest")
        .sees(LOG, 0, 1)
        .seesEnd(1, 2, -2);
  }

  @Test
  void theWatchdogMayNotCoverWhatWasConfirmedBefore() {
    assertThat(
            new Journal()
                .sent(1, 2, 3)
                .logged(0, 1, Verdict.PASS)
                .logged(1, 3, Verdict.HOLE)
                .loggedWatchdog(2, 2, 60_000)
                .broken())
        .containsExactly("NothingLost");
  }

  @Test
  void whatWasDeletedFromTheLogsBeginningIsNotLost() {
    assertThat(
            new Journal()
                .sent(1, 2, 3)
                .sentEnd(4)
                .logged(7, 3, Verdict.PASS)
                .loggedEnd(8, 4)
                .follows("earliest")
                .sees(LOG, 5, 1)
                .sees(LOG, 6, 2)
                .sees(LOG, 7, 3)
                .seesEnd(8, 4, 4)
                .broken())
        .isEmpty();
  }

  @Test
  void whatALogThatWasCreatedAgainLacksIsAnnounced() {
    assertThat(
            new Journal()
                .sent(1, 2, 3)
                .sentEnd(4)
                .logged(0, 3, Verdict.PASS)
                .loggedEnd(1, 4)
                .follows("earliest")
                .sees(FORMER_LOG, 0, 1)
                .sees(FORMER_LOG, 1, 2)
                .isTold("FOREIGN_LOG", 3)
                .sees(LOG, 0, 3)
                .seesEnd(1, 4, 4)
                .broken())
        .isEmpty();
  }

  @Test
  void whatALogThatWasCreatedAgainLacksIsLostWithoutANotice() {
    assertThat(
            new Journal()
                .sent(1, 2, 3)
                .sentEnd(4)
                .logged(0, 3, Verdict.HOLE)
                .follows("earliest")
                .sees(FORMER_LOG, 0, 1)
                .sees(FORMER_LOG, 1, 2)
                .sees(LOG, 0, 3)
                .broken())
        .contains("NothingLost");
  }

  @Test
  void whatATruncatedLogLostIsAnnounced() {
    assertThat(
            new Journal()
                .sent(1, 2, 3)
                .logged(0, 1, Verdict.PASS)
                .loggedWatchdog(1, 2, 60_000)
                .follows("earliest")
                .sees(LOG, 0, 1)
                .sees(LOG, 1, 2)
                .sees(LOG, 2, 3)
                .isTold("TRUNCATED", 9)
                .broken())
        .isEmpty();
  }

  @Test
  void aHoleThatTheClientFoundByItselfExcusesNothing() {
    assertThat(
            new Journal()
                .sent(1, 2, 3)
                .sentEnd(4)
                .logged(0, 1, Verdict.PASS)
                .logged(1, 2, Verdict.PASS)
                .logged(2, 3, Verdict.PASS)
                .loggedEnd(3, 4)
                .follows("earliest")
                .sees(LOG, 0, 1)
                .isTold("HOLE", 3)
                .sees(LOG, 2, 3)
                .seesEnd(3, 4, 4)
                .broken())
        .containsExactly("NoSilentGap");
  }

  @Test
  void aClientThatWentAwayIsNotOwedTheRest() {
    assertThat(complete().follows("earliest").sees(LOG, 0, 1).closes(4008).broken()).isEmpty();
  }

  @Test
  void aClientThatStayedIsOwedTheRest() {
    assertThat(complete().follows("earliest").sees(LOG, 0, 1).closes(1000).broken())
        .containsExactly("NothingLost");
  }

  @Test
  void aClientThatNeverSawAnythingIsOwedTheThreadItAskedFor() {
    assertThat(complete().follows("earliest").broken()).containsExactly("NothingLost");
    assertThat(complete().follows("latest").broken()).isEmpty();
  }

  @Test
  void cursorsThatTellNothingAreJudgedByTheEventsAlone() {
    assertThat(complete().follows("earliest").sees(1, false).sees(2, false).sees(3, true).broken())
        .isEmpty();
    assertThat(complete().follows("earliest").sees(1, false).sees(3, true).broken())
        .containsExactly("NoSilentGap");
  }

  @Test
  void anEventBeyondAHoleInTheLogIsNotToBeShown() {
    assertThat(
            new Journal()
                .sent(1)
                .sent(2, "CUSTOM", false, Result.UNKNOWN)
                .sent(3)
                .logged(0, 1, Verdict.PASS)
                .logged(1, 3, Verdict.HOLE)
                .loggedWatchdog(2, 2, 60_000)
                .follows("earliest")
                .sees(LOG, 0, 1)
                .sees(LOG, 1, 3)
                .broken())
        .contains("NoSilentGap");
  }

  @Test
  void twoValuesUnderOneIdentityAreFoundInProducersAlready() {
    Journal journal = complete();
    journal.sentAgainAs(2, 99);
    assertThat(journal.broken()).containsExactly("SamePositionSameBytes");
  }

  private static Journal complete() {
    return new Journal()
        .sent(1, 2)
        .sentEnd(3)
        .logged(0, 1, Verdict.PASS)
        .logged(1, 2, Verdict.PASS)
        .loggedEnd(2, 3);
  }
}
