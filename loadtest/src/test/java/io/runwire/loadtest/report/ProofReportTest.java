package io.runwire.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.loadtest.guarantee.Judgement;
import io.runwire.loadtest.guarantee.Totals;
import io.runwire.loadtest.guarantee.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofReportTest {
  @Test
  void namesTheBrokenGuaranteeWithAnExampleAndHowToRepeatIt() {
    assertThat(report(1).lines())
        .anyMatch(line -> line.matches("12 edge kill -9 +3\\.5 s +2\\.2 s"))
        .anyMatch(line -> line.matches("NothingLost +1,000 +1 +0 +BROKEN"))
        .contains("    client c-1 thread t run r seq 7")
        .contains("A guarantee is BROKEN.")
        .contains("repeat with: deploy/runwire prove --faults 12 --seed 7");
    assertThat(report(0).lines()).contains("Every guarantee was kept.");
  }

  @Test
  void holdsTheFailoversAgainstTheirTargets() {
    ProofReport report =
        new ProofReport(
            "deploy/runwire prove --crash --seed 7",
            "3 brokers",
            List.of(
                new Disturbance(4, "router halted between acks", 1_000, 4_500),
                new Disturbance(5, "leader broker kill -9", 5_000, 6_000),
                new Disturbance(2, "router frozen", 7_000, 9_000)),
            9_100,
            List.of(2_200L, 3_000L, 9_100L),
            List.of(),
            report(0).judgement());
    assertThat(report.lines())
        .contains("router failover, longest delay: 9.10 s, target ≤ 9.00 s: MISSED")
        .contains("broker failover, longest delay: 3.00 s, target ≤ 12.00 s: met");
  }

  @Test
  void isWrittenForPeopleAndForPrograms(@TempDir Path folder) throws IOException {
    ReportDirectory directory = ReportDirectory.create(folder.resolve("report"));
    directory.write(report(1));
    assertThat(Files.readAllLines(directory.path().resolve("report.txt")))
        .isEqualTo(report(1).lines());
    JsonNode json = new ObjectMapper().readTree(directory.path().resolve("report.json").toFile());
    assertThat(json.at("/judgement/verdicts/0/broken").asInt()).isEqualTo(1);
    assertThat(json.at("/disturbances/0/name").asText()).isEqualTo("edge kill -9");
  }

  @Test
  void refusesADirectoryThatHoldsSomethingAlready(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("sent-a.tsv"), "");
    assertThatThrownBy(() -> ReportDirectory.create(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not empty");
  }

  private static ProofReport report(long broken) {
    List<String> examples = broken == 0 ? List.of() : List.of("client c-1 thread t run r seq 7");
    return new ProofReport(
        "deploy/runwire prove --faults 12 --seed 7",
        "3 brokers",
        List.of(new Disturbance(12, "edge kill -9", 1_000, 4_500)),
        2_200,
        List.of(2_200L),
        List.of(),
        new Judgement(
            List.of(new Verdict("NothingLost", 1_000, broken, 0, examples)),
            new Totals(1_000, 1_000, 1_100, 1_000, 40, 3_000, 3, 0)));
  }
}
