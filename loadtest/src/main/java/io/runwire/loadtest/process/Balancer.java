package io.runwire.loadtest.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HAProxy in front of the edges: connections with the same partition ({@code ?p=}) go to the same
 * edge. It reads the configuration that operators are given, with other addresses.
 */
public final class Balancer {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/haproxy"), Path.of("/usr/local/sbin/haproxy"));
  private static final Pattern BIND = line("bind .*");
  private static final Pattern HASH_TYPE = line("hash-type consistent");
  private static final Pattern SERVERS = Pattern.compile("(?m)(^  server .*\n)+");

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
  private final String text;
  private final ChildProcess process;

  private Balancer(int port, Path config, String text, ChildProcess process) {
    this.port = port;
    this.config = config;
    this.text = text;
    this.process = process;
  }

  /**
   * Starts HAProxy; empty where it is not installed.
   *
   * @param given the configuration that operators are given
   */
  static Optional<Balancer> start(
      ProcessGroup group, Path folder, Path logs, String given, List<Backend> edges)
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
    int port = Ports.next();
    Balancer balancer = new Balancer(port, config, onLoopback(given, port, edges), process);
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

  /** What it says of itself, such as which edge it has taken out. */
  public Path log() {
    return process.program().log();
  }

  private void start(HashType hash) throws IOException {
    Files.writeString(config, replace(text, HASH_TYPE, "  hash-type " + hash.keyword));
    process.start();
  }

  private static String onLoopback(String given, int port, List<Backend> edges) {
    StringBuilder servers = new StringBuilder();
    for (Backend edge : edges) {
      servers.append(
          "  server %s 127.0.0.1:%d check port %d\n"
              .formatted(edge.name(), edge.port(), edge.managementPort()));
    }
    String bound = replace(given, BIND, "  bind 127.0.0.1:" + port);
    return replace(bound, SERVERS, servers.toString());
  }

  private static String replace(String text, Pattern what, String by) {
    Matcher matcher = what.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("the balancer's configuration has no " + what);
    }
    return matcher.replaceAll(Matcher.quoteReplacement(by));
  }

  private static Pattern line(String indented) {
    return Pattern.compile("(?m)^  " + indented + "$");
  }
}
