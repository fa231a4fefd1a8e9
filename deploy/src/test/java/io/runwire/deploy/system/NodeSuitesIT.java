package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in JavaScript has its tests in JavaScript; they are part of the build. */
class NodeSuitesIT {
  @BeforeAll
  static void needsNode() {
    try {
      assertThat(run(Path.of("."), List.of("node", "--version")).exitCode()).isZero();
    } catch (IOException | InterruptedException notThere) {
      System.out.println("SKIPPED: no Node.js here, so the SDK's own tests did not run");
      Assumptions.abort("no Node.js");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../ws-edge/client", "../ws-edge/console-test", "interop"})
  void passes(String folder) throws Exception {
    Path at = Path.of(folder);
    assertThat(NodeScript.install(at)).isTrue();
    Ended tests = run(at, List.of("node", "--test"));
    assertThat(tests.exitCode()).as(tests.output()).isZero();
    assertThat(tests.output()).as("tests were found").containsPattern("# pass [1-9]");
  }

  private static Ended run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ended", command).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private record Ended(int exitCode, String output) {}
}
