package io.runwire.deploy.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path SOURCES = Path.of("..");

  @Test
  void answersAQuestionFromTheSourcesAndKeepsItWhereItSays(@TempDir Path data) throws Exception {
    QuickstartOptions options = new QuickstartOptions(0, 0, Optional.of(data), SOURCES);
    List<String> progress = new ArrayList<>();
    try (Quickstart quickstart = Quickstart.start(options, progress::add)) {
      assertThat(progress)
          .hasSize(4)
          .allMatch(line -> line.matches("(Kafka|Router|Notary|Edges) .*"));
      assertThat(get(quickstart.consoleUrl())).contains("<title>Runwire</title>");
      quickstart.demo("What is a cursor?", "demo.it");
      assertThat(finishes(quickstart)).isTrue();
      assertThat(Files.getPosixFilePermissions(data.resolve("notary/notary.key")))
          .as("nobody else signs in the notary's name")
          .containsExactlyInAnyOrder(
              PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }
    try (Quickstart again = Quickstart.start(options, progress::add)) {
      assertThat(finishes(again)).as("the run is still there").isTrue();
    }
  }

  @Test
  void namesThePortThatIsTakenBeforeItStartsAnything(@TempDir Path data) throws Exception {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByName(QuickstartOptions.HOST))) {
      QuickstartOptions options =
          new QuickstartOptions(0, taken.getLocalPort(), Optional.of(data), SOURCES);
      assertThatThrownBy(() -> Quickstart.start(options, step -> {}))
          .hasMessage(
              "port " + taken.getLocalPort() + " is taken; choose another one with --kafka-port");
      assertThat(data).isEmptyDirectory();
    }
  }

  private static boolean finishes(Quickstart quickstart) throws Exception {
    String token =
        quickstart
            .tokens()
            .issue("it", Duration.ofMinutes(5), List.of("demo.*"), List.of("subscribe", "history"))
            .token();
    try (WireClient client = WireClient.connect(URI.create(quickstart.edgeUrls().get(1)), token)) {
      client.subscribe(1, "demo.it", "\"from\":\"earliest\"");
      WireFrame end =
          client.await("the run's end", f -> f.json().path("final").asBoolean(), PATIENCE);
      return end.eventText().startsWith("{\"type\":\"RUN_FINISHED\"");
    }
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
