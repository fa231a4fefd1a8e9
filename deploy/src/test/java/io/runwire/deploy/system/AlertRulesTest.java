package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The alert rules are rules, and each fires when it should. */
class AlertRulesTest {
  private static final Path FOLDER = Path.of("prometheus").toAbsolutePath();

  @Test
  void areRulesThatPrometheusTakes() throws Exception {
    assertThat(files(".rules.yml")).isNotEmpty().allSatisfy(file -> promtool("check", file));
  }

  @Test
  void fireWhenTheyShould() throws Exception {
    assertThat(files(".rules.test.yml")).isNotEmpty().allSatisfy(file -> promtool("test", file));
  }

  private static List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static void promtool(String verb, Path file) {
    try {
      Process promtool =
          new ProcessBuilder("promtool", verb, "rules", file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(promtool.waitFor()).as(said).isZero();
    } catch (IOException notInstalled) {
      System.out.println("SKIPPED: no promtool here, so the alert rules were not tested");
      Assumptions.abort("no promtool");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
