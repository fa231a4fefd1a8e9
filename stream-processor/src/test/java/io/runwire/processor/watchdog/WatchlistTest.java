package io.runwire.processor.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.RunStatus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchlistTest {
  private static final long SILENCE_MS = WatchdogSettings.DEFAULTS.silence().toMillis();
  private static final long LONGEST_MS = WatchdogSettings.DEFAULTS.longestRun().toMillis();
  private static final int ALL = 1_000_000;

  private final Watchlist list = new Watchlist(WatchdogSettings.DEFAULTS);

  @Test
  void looksAtNoMoreRunsThanItWasTold() {
    for (int i = 0; i < 100; i++) {
      list.heard(row("r" + i, 1, 0), 0);
    }
    assertThat(list.due(SILENCE_MS, 30)).hasSize(30);
    assertThat(list.due(SILENCE_MS, 30)).hasSize(30);
    assertThat(list.due(SILENCE_MS, ALL)).hasSize(40);
    assertThat(list.due(SILENCE_MS, ALL)).isEmpty();
  }

  @Test
  void saysItAgainWhenNothingCameOfIt() {
    list.heard(row("r", 5, 0), 0);
    assertThat(list.due(SILENCE_MS, ALL)).hasSize(1);
    assertThat(list.due(2 * SILENCE_MS - 1, ALL)).isEmpty();
    RunEnd again = list.due(2 * SILENCE_MS, ALL).get(0);
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.seq()).isEqualTo(6);
  }

  @Test
  void opensAnAttemptWhereABusyAgentTookTheSeq() {
    list.heard(row("r", 5, LONGEST_MS + 10), 100);
    RunEnd first = list.due(100, ALL).get(0);
    assertThat(first.code()).isEqualTo(EndCode.TIMEOUT);
    assertThat(first.attempt()).isEqualTo(1);
    assertThat(first.seq()).isEqualTo(6);

    long later = 100 + Watchlist.SAY_AGAIN_AFTER.toMillis();
    list.heard(row("r", 60, LONGEST_MS + 5_000), later - 1);
    assertThat(list.due(later - 1, ALL)).isEmpty();
    RunEnd second = list.due(later, ALL).get(0);
    assertThat(second.code()).isEqualTo(EndCode.TIMEOUT);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.seq()).isEqualTo(1);
  }

  @Test
  void aBusyRunIsEndedThoughItIsHeardOfAfterTheTimeUpToWhichAllIsKnown() {
    for (int i = 1; i <= 100; i++) {
      list.heard(row("r", i, LONGEST_MS - 5_000 + i * 100L), i * 100L);
    }
    assertThat(list.due(9_000, ALL)).extracting(RunEnd::code).containsExactly(EndCode.TIMEOUT);
  }

  @Test
  void aRestartGivesEveryRunItsWholeTimeAgain() {
    list.heard(row("r", 1, 0), 0);
    list.restart(SILENCE_MS);
    assertThat(list.due(2 * SILENCE_MS - 1, ALL)).isEmpty();
    assertThat(list.due(2 * SILENCE_MS, ALL)).hasSize(1);
  }

  @Test
  void anEndedRunLeavesNothingBehind() {
    list.heard(row("r", 1, 0), 0);
    list.heard(ended("r"), 10);
    assertThat(list.size()).isZero();
    assertThat(list.due(10 * SILENCE_MS, ALL)).isEmpty();
    assertThat(list.overdue(10 * SILENCE_MS)).isEqualTo(Duration.ZERO);
  }

  @Test
  void theLastSeqThatABrowserCanCountOpensAnAttempt() {
    list.heard(row("r", (1L << 53) - 1, 0), 0);
    RunEnd end = list.due(SILENCE_MS, ALL).get(0);
    assertThat(end.attempt()).isEqualTo(2);
    assertThat(end.seq()).isEqualTo(1);
  }

  private static LedgerRow row(String run, long seq, long activeMs) {
    return row(run, RunStatus.RUNNING, seq, activeMs);
  }

  private static LedgerRow ended(String run) {
    return row(run, RunStatus.FINISHED, 2, 0);
  }

  private static LedgerRow row(String run, RunStatus status, long seq, long activeMs) {
    return new LedgerRow(
        run, "t", 1, status, 0, null, seq, null, null, 0, 0, 0, seq, seq, activeMs, activeMs, null);
  }
}
