package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Reading is paid for afterwards, in time. */
class PaceTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nowNs = new AtomicLong(-5);
  private final AtomicLong sleptNs = new AtomicLong();
  private final Pace pace = new Pace(1_000, nowNs::get, this::sleep);

  @Test
  void theFirstReadDoesNotWait() {
    pace.await();

    assertThat(sleptNs).hasValue(0);
  }

  @Test
  void whatWasReadIsPaidForBeforeTheNextRead() {
    pace.took(2_000);
    pace.took(500);
    pace.await();
    assertThat(sleptNs).hasValue(2_500_000_000L);

    pace.await();
    assertThat(sleptNs).as("once").hasValue(2_500_000_000L);
  }

  @Test
  void timeThatWasNotUsedIsNotSavedUp() {
    nowNs.addAndGet(3_600 * SECOND);
    pace.took(1_000);
    nowNs.addAndGet(SECOND / 4);

    pace.await();

    assertThat(sleptNs).hasValue(3 * SECOND / 4);
  }

  private void sleep(long ns) {
    sleptNs.addAndGet(ns);
    nowNs.addAndGet(ns);
  }
}
