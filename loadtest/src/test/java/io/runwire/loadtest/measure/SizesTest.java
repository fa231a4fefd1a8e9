package io.runwire.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void aSizeThatCannotBeIsRefusedByItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IdleBench(0, Duration.ZERO))
        .withMessage("clients: 0 (expected: 1..15000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CatchUpBench(1, 1, Double.NaN, 1, Duration.ZERO))
        .withMessageContaining("events: NaN");
  }
}
