package io.runwire.deploy.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are given is judged by the programs that read it. */
class ConfigurationFilesTest {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin"), Path.of("/usr/bin"));
  private static final Path BALANCER = Path.of("balancer");
  private static final Path ALERTS = Path.of("prometheus/alerts.yml");
  private static final long PATIENCE_SECONDS = 30;

  @TempDir private Path folder;

  @Test
  void haproxyTakesItsConfiguration() throws Exception {
    accepts("haproxy", "-c", "-f", BALANCER.resolve("haproxy.cfg").toAbsolutePath().toString());
  }

  @Test
  void nginxTakesItsConfiguration() throws Exception {
    String config = BALANCER.resolve("nginx.conf").toAbsolutePath().toString();
    accepts(
        "nginx",
        "-t",
        "-p",
        folder.toString(),
        "-g",
        "pid " + folder.resolve("nginx.pid") + "; error_log stderr;",
        "-c",
        config);
  }

  @Test
  void prometheusTakesTheAlerts() throws Exception {
    accepts("promtool", "check", "rules", ALERTS.toAbsolutePath().toString());
  }

  /** A figure that is renamed would silence its alert. */
  @Test
  void alertsAskForFiguresThatTheEdgeDocuments() throws IOException {
    String documented = Files.readString(Path.of("../ws-edge/README.md"), StandardCharsets.UTF_8);
    Set<String> asked = new TreeSet<>();
    Matcher figure = Pattern.compile("runwire_edge(_[a-z_]+)").matcher(Files.readString(ALERTS));
    while (figure.find()) {
      asked.add(figure.group(1));
    }

    assertThat(asked)
        .hasSizeGreaterThan(4)
        .allSatisfy(name -> assertThat(documented).contains(name));
  }

  private void accepts(String program, String... arguments) throws Exception {
    Optional<Path> found =
        PLACES.stream()
            .map(place -> place.resolve(program))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      System.err.println("Skipped: " + program + " is not installed");
    }
    assumeTrue(found.isPresent(), program + " is not installed");
    List<String> command = new ArrayList<>(List.of(found.get().toString()));
    Stream.of(arguments).forEach(command::add);
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();

    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(read(said)).isZero();
  }

  private static String read(Path said) {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
