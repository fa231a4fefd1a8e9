package io.runwire.loadtest.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * HAProxy in front of the edges: connections with the same partition ({@code ?p=}) go to the same
 * edge.
 */
public final class Balancer {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/haproxy"), Path.of("/usr/local/sbin/haproxy"));

  /** Which edge a partition's hash leads to. */
  public enum HashType {
    CONSISTENT("consistent"),
    MAP_BASED("map-based");

    private final String keyword;

    HashType(String keyword) {
      this.keyword = keyword;
    }
  }

  /**
   * An edge as the balancer sees it.
   *
   * @param port where its clients connect
   * @param managementPort where it says whether it is ready
   */
  record Backend(String name, int port, int managementPort) {}

  private final int port;
  private final Path config;
  private final List<Backend> edges;
  private final ChildProcess process;

  private Balancer(int port, Path config, List<Backend> edges, ChildProcess process) {
    this.port = port;
    this.config = config;
    this.edges = List.copyOf(edges);
    this.process = process;
  }

  /** Starts HAProxy; empty where it is not installed. */
  static Optional<Balancer> start(ProcessGroup group, Path folder, Path logs, List<Backend> edges)
      throws IOException {
    Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    Path config = folder.resolve("haproxy.cfg");
    // -db: in the foreground, so that the process that was started is the one that serves.
    List<String> command = List.of(program.get().toString(), "-db", "-f", config.toString());
    ChildProcess process =
        group.add(new Program("balancer", command, logs.resolve("balancer.log")));
    Balancer balancer = new Balancer(Ports.next(), config, edges, process);
    balancer.start(HashType.CONSISTENT);
    return Optional.of(balancer);
  }

  /** Where clients connect, but for the query. */
  public URI socket() {
    return Edge.socket(port);
  }

  /** Every connection through it is gone, and comes back by another hash. */
  public void restart(HashType hash) throws IOException {
    process.kill();
    start(hash);
  }

  private void start(HashType hash) throws IOException {
    Files.writeString(config, text(hash));
    process.start();
  }

  private String text(HashType hash) {
    StringBuilder text =
        new StringBuilder(
            """
            global
              maxconn 8000
            defaults
              mode http
              timeout connect 2s
              timeout client 60s
              timeout server 60s
              timeout tunnel 1h
              option redispatch
              retries 3
            frontend clients
              bind 127.0.0.1:%d
              default_backend edges
            backend edges
              balance url_param p
              hash-type %s
              option httpchk GET /readyz
              default-server inter 500ms fall 2 rise 1
            """
                .formatted(port, hash.keyword));
    for (Backend edge : edges) {
      text.append(
          "  server %s 127.0.0.1:%d check port %d\n"
              .formatted(edge.name(), edge.port(), edge.managementPort()));
    }
    return text.toString();
  }
}
