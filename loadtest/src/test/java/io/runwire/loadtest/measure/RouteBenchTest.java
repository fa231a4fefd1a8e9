package io.runwire.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteBenchTest {
  private static final long BEGAN_NS = 17_000_000_003L;

  @Test
  void anEventIsDueByPlanAndNotBehindTheOneBefore() {
    RouteBench.Plan plan = new RouteBench.Plan(BEGAN_NS, 3_000);
    assertThat(plan.dueNs(0)).isEqualTo(BEGAN_NS);
    assertThat(plan.dueNs(1)).isEqualTo(BEGAN_NS + 333_333);
    // What a period loses to rounding does not add up.
    assertThat(plan.dueNs(3_000_000)).isEqualTo(BEGAN_NS + 1_000_000_000_000L);
  }

  @Test
  void aPlanHasItsRateOfEventsASecond() {
    RouteBench.Plan plan = new RouteBench.Plan(BEGAN_NS, 5_000);
    assertThat(plan.eventsIn(Duration.ofSeconds(10))).isEqualTo(50_000);
    assertThat(plan.eventsIn(Duration.ofMillis(1))).isEqualTo(5);
  }

  @Test
  void aSizeThatCannotBeIsRefusedByItsOption() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench(List.of(1_000, 0)))
        .withMessage("rates: 0 (expected: 1..100000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench(List.of()))
        .withMessageStartingWith("rates: none");
  }

  private static RouteBench bench(List<Integer> rates) {
    return new RouteBench(rates, 500, Duration.ofSeconds(1), 1, Duration.ZERO, Map.of());
  }
}
