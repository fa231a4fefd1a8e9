package io.runwire.loadtest.measure;

import io.runwire.loadtest.process.Edge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at an edge's process from outside: its metrics, its heap, what it occupies. */
final class EdgeProbe {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);
  private static final Pattern CLASS = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
  private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(ANSWERS_WITHIN).build();

  /**
   * What an edge occupies, in bytes.
   *
   * @param classes what is alive in its heap by class, after a full collection
   * @param resident of its process, after that collection
   * @param sockets in the kernel, for all TCP sockets of this machine
   */
  record Memory(Map<String, Long> classes, long resident, long sockets) {
    /** All that is alive. */
    long heap() {
      return classes.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final Edge edge;

  EdgeProbe(Edge edge) {
    this.edge = edge;
  }

  /** The sum of a figure over its labels, as the management port tells it. */
  double metric(String name) throws IOException, InterruptedException {
    return new Metrics(edge.node().ready()).sum(name);
  }

  /** Collects all garbage first. */
  Memory memory() throws IOException, InterruptedException {
    Map<String, Long> classes = new HashMap<>();
    CLASS
        .matcher(histogram())
        .results()
        .forEach(line -> classes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum));
    Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid() + "/status")));
    if (!resident.find()) {
      throw new IOException("no VmRSS of process " + pid() + " (expected: Linux)");
    }
    return new Memory(classes, Long.parseLong(resident.group(1)) << 10, SocketMemory.bytes());
  }

  private String histogram() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(JCMD.toString(), Long.toString(pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes());
    if (jcmd.waitFor() != 0) {
      throw new IOException(JCMD + ": " + said.strip() + " (expected: a JDK, not a JRE)");
    }
    return said;
  }

  private long pid() {
    return edge.node().process().pid();
  }

  /** Has it drain. */
  void drain() throws IOException, InterruptedException {
    URI uri = edge.node().ready().resolve("/admin/drain");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWERS_WITHIN)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    int status = HTTP.send(request, BodyHandlers.discarding()).statusCode();
    if (status / 100 != 2) {
      throw new IOException("POST " + uri + ": " + status + " (expected: 2xx)");
    }
  }
}
