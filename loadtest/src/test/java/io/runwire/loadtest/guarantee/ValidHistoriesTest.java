package io.runwire.loadtest.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nothing is found where nothing is wrong, whatever agents, routers and connections go through. */
class ValidHistoriesTest {
  private static final int HISTORIES = 1_500;

  @Test
  void everyGuaranteeIsKept() {
    long firstSeed = new Random().nextLong();
    System.out.println("ValidHistoriesTest: first seed " + firstSeed);
    for (long seed = firstSeed; seed < firstSeed + HISTORIES; seed++) {
      for (Verdict verdict : Judge.judge(Scenario.valid(seed)).verdicts()) {
        assertThat(verdict.examples()).as("%s, seed %d", verdict.guarantee(), seed).isEmpty();
        assertThat(verdict.kept()).as("%s, seed %d", verdict.guarantee(), seed).isTrue();
      }
    }
  }

  @Test
  void everyGuaranteeHasSomethingToCheck() {
    for (Verdict verdict : Judge.judge(Scenario.valid(1)).verdicts()) {
      assertThat(verdict.checked()).as(verdict.guarantee()).isGreaterThan(10);
    }
  }
}
