package io.runwire.deploy.system;

import io.runwire.deploy.quickstart.DevelopmentTokens;
import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.processor.ProcessorConfig;
import io.runwire.processor.RunwireProcessor;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.producer.Runwire;
import io.runwire.topic.AuditPeriod;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** A Runwire for tests: broker, router, a producer, and as many edges as a test wants. */
final class Runwired implements AutoCloseable {
  static final int PARTITIONS = 8;
  private static final Duration START = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final DevelopmentTokens tokens = new DevelopmentTokens(Clock.systemUTC());
  private final Optional<Path> masterKey;
  private final TestBroker broker;
  private final Path state;
  private final int ledgerPort;
  private @Nullable RunwireProcessor router;
  private final Runwire producer;

  Runwired() throws Exception {
    this(Optional.empty());
  }

  /**
   * @param masterKey the file of the key by which payloads are encrypted
   */
  Runwired(Optional<Path> masterKey) throws Exception {
    this.masterKey = masterKey;
    broker = opened(TestBroker.start());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      TopicSetup.ensure(admin, PARTITIONS, (short) 1, AuditPeriod.DEFAULT, masterKey.isPresent());
    }
    state = Files.createTempDirectory("runwire-test-router");
    ledgerPort = freePort();
    startRouter();
    producer = opened(Runwire.connect(broker.bootstrapServers()));
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  Runwire producer() {
    return producer;
  }

  /** A token for everything. */
  String token() {
    return tokens
        .issue(
            "tester",
            Duration.ofMinutes(30),
            List.of("*"),
            List.of("subscribe", "history", "ledger"))
        .token();
  }

  DevelopmentTokens tokens() {
    return tokens;
  }

  void startRouter() throws Exception {
    Map<String, String> settings = new TreeMap<>();
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("http.port", Integer.toString(ledgerPort));
    settings.put("management.port", "0");
    settings.put("state.dir", state.toString());
    encrypt(settings);
    RunwireProcessor started = RunwireProcessor.start(ProcessorConfig.of(settings));
    router = started;
    if (!started.awaitRunning(START)) {
      throw new IllegalStateException("the router did not start within " + START);
    }
  }

  void stopRouter() throws Exception {
    if (router != null) {
      router.close();
      router = null;
    }
  }

  /** What an edge of this system is configured with; port 0 for any free one. */
  Map<String, String> edgeSettings(int port, int managementPort) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", Integer.toString(port));
    settings.put("management.port", Integer.toString(managementPort));
    settings.put("ledger.url", "http://127.0.0.1:" + ledgerPort);
    settings.put("token.hs256.secret", tokens.secret());
    settings.put("token.issuer", DevelopmentTokens.ISSUER);
    settings.put("token.audience", DevelopmentTokens.AUDIENCE);
    encrypt(settings);
    return settings;
  }

  private void encrypt(Map<String, String> settings) {
    masterKey.ifPresent(
        file -> {
          settings.put("payload.encryption", "on");
          settings.put("payload.key.file", file.toString());
        });
  }

  /** Starts an edge in this process. */
  RunwireEdge startEdge() throws Exception {
    return opened(RunwireEdge.start(EdgeConfig.of(edgeSettings(0, 0)), Optional.empty()));
  }

  /** Starts an edge as a process of its own, which can be killed. */
  EdgeProcess forkEdge() throws Exception {
    return forkEdge(Map.of());
  }

  /**
   * Starts an edge as a process of its own.
   *
   * @param further settings
   */
  EdgeProcess forkEdge(Map<String, String> further) throws Exception {
    Map<String, String> settings = edgeSettings(freePort(), freePort());
    settings.putAll(further);
    return opened(EdgeProcess.start(settings));
  }

  /** The processor's port. */
  URI ledger() {
    return URI.create("http://127.0.0.1:" + ledgerPort);
  }

  static URI socket(int port) {
    return URI.create("ws://127.0.0.1:" + port + "/v1/ws");
  }

  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    // Clients of the router first, the broker last.
    while (parts.size() > 1) {
      parts.removeLast().close();
    }
    stopRouter();
    parts.removeLast().close();
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.addLast(part);
    return part;
  }
}
