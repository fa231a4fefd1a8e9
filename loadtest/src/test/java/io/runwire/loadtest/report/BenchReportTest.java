package io.runwire.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  @Test
  void namesAMissedTargetAndABrokenPromise() {
    BenchReport report =
        new BenchReport(
            "setting",
            List.of("table"),
            List.of(new Target("p99", 1.3, 1.2, " ms"), new Target("p50", 1.2, 1.2, " ms")),
            List.of("a connection was lost"));
    assertThat(report.lines())
        .contains(
            "p99: 1.30 ms, target ≤ 1.20 ms: MISSED",
            "p50: 1.20 ms, target ≤ 1.20 ms: met",
            "BROKEN: a connection was lost");
    assertThat(report.met()).isFalse();
    assertThat(report.kept()).isFalse();
  }

  @Test
  void isKeptWhereOnlyATargetWasMissed() {
    BenchReport report =
        new BenchReport("s", List.of(), List.of(new Target("p99", 2, 1, "")), List.of());
    assertThat(report.kept()).isTrue();
  }

  @Test
  void aFigureThatIsNoneMeetsNoTarget() {
    assertThat(new Target("p99", Double.NaN, 1, "").met()).isFalse();
  }
}
