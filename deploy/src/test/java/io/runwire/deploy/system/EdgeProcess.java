package io.runwire.deploy.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An edge in a process of its own. */
final class EdgeProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Map<String, String> settings;
  private final Path folder;
  private final Path output;
  private Process process;

  private EdgeProcess(Map<String, String> settings) throws IOException {
    this.settings = settings;
    this.folder = Files.createTempDirectory("runwire-test-edge");
    this.output = folder.resolve("edge.log");
    this.process = launch();
  }

  /** Starts an edge and waits until it is ready. */
  static EdgeProcess start(Map<String, String> settings) throws IOException {
    return new EdgeProcess(settings);
  }

  /** Starts it again, under its old address. */
  void restart() throws IOException {
    process = launch();
  }

  private Process launch() throws IOException {
    Path config = folder.resolve("edge.properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var out = Files.newBufferedWriter(config)) {
      properties.store(out, null);
    }
    Process launched =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.runwire.deploy.cli.RunwireCommand",
                "edge",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    URI ready = management("/readyz");
    try {
      Awaitility.await("edge ready, its log is " + output)
          .atMost(START)
          .failFast("edge ended", () -> !launched.isAlive())
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> answers(ready));
    } catch (RuntimeException e) {
      launched.destroyForcibly();
      throw e;
    }
    return launched;
  }

  URI socket() {
    return Runwired.socket(Integer.parseInt(settings.get("http.port")));
  }

  /** An address of its management port. */
  URI management(String path) {
    return URI.create("http://127.0.0.1:" + settings.get("management.port") + path);
  }

  /** Sends it a signal, by its name without SIG. */
  void signal(String name) throws Exception {
    int exit =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("kill -" + name + " " + process.pid() + ": " + exit);
    }
  }

  /** Its exit code, once it has ended by itself. */
  int exitCode(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the edge did not end in " + patience);
    }
    return process.exitValue();
  }

  /** What it has said so far. */
  List<String> said() throws IOException {
    return Files.readAllLines(output);
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static boolean answers(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
            .statusCode()
        == 200;
  }
}
