package io.runwire.edge.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.settings.BoundsSettings.Inbound;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameRateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final FrameRate rate =
      new FrameRate(new Inbound(20, 100, Inbound.DEFAULT_MESSAGE_BYTES), 0);

  @Test
  void aBurstIsTakenAndNoMore() {
    assertThat(taken(0, 200)).isEqualTo(100);
  }

  @Test
  void afterABurstItIsTheRate() {
    taken(0, 100);

    assertThat(taken(SECOND, 200)).isEqualTo(20);
    assertThat(taken(2 * SECOND, 200)).isEqualTo(20);
    assertThat(taken(2 * SECOND + SECOND / 20 - 1, 200)).isZero();
    assertThat(taken(2 * SECOND + SECOND / 20, 200)).isEqualTo(1);
  }

  @Test
  void whoWaitsLongHasABurstAgain() {
    taken(0, 100);

    assertThat(taken(3_600 * SECOND, 200)).isEqualTo(100);
  }

  @Test
  void whoAsksOftenLosesNothingByIt() {
    taken(0, 100);
    int taken = 0;
    for (long now = 0; now < SECOND; now += 999) { // less than a thousandth of a frame's time
      taken += rate.frame(now) ? 1 : 0;
    }

    assertThat(taken + taken(SECOND, 1)).isEqualTo(20);
  }

  @Test
  void aPieceCostsAThousandthOfAFrame() {
    int pieces = 0;
    while (rate.piece(0)) {
      pieces++;
    }

    assertThat(pieces).isEqualTo(100_000);
    assertThat(rate.frame(0)).isFalse();
  }

  private int taken(long nowNanos, int asked) {
    int taken = 0;
    for (int i = 0; i < asked; i++) {
      taken += rate.frame(nowNanos) ? 1 : 0;
    }
    return taken;
  }
}
