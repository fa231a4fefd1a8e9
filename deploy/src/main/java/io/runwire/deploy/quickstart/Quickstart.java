package io.runwire.deploy.quickstart;

import io.runwire.audit.NotaryKey;
import io.runwire.config.SecretFile;
import io.runwire.deploy.demo.DemoAgent;
import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import io.runwire.processor.ProcessorConfig;
import io.runwire.processor.RunwireProcessor;
import io.runwire.processor.audit.Notary;
import io.runwire.processor.audit.NotaryConfig;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.producer.Runwire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runwire whole, on one machine, in one process: a real Kafka broker, the router, two edges and the
 * demo agent. Not for production, and on loopback only: its edges hand out tokens for the asking.
 */
public final class Quickstart implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Quickstart.class);
  private static final int EDGES = 2;
  private static final Duration ROUTER_START = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<RunwireEdge> edges = new ArrayList<>();
  private final DevelopmentTokens tokens = new DevelopmentTokens(Clock.systemUTC());
  private final EmbeddedKafka kafka;
  private final QuickstartPlayground playground;

  /**
   * Starts everything.
   *
   * @param progress is told each step, for a person to read
   * @throws IllegalStateException naming the port that is taken, before anything was started
   */
  public static Quickstart start(QuickstartOptions options, Consumer<String> progress)
      throws Exception {
    return new Quickstart(options, progress);
  }

  private Quickstart(QuickstartOptions options, Consumer<String> progress) throws Exception {
    requireFreePorts(options);
    try {
      kafka = opened(EmbeddedKafka.start(broker(options)));
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
        TopicSetup.ensure(admin, QuickstartOptions.PARTITIONS, (short) 1);
      }
      progress.accept("Kafka     " + kafka.bootstrapServers() + where(options));
      RunwireProcessor processor = opened(processor(options));
      if (!processor.awaitRunning(ROUTER_START)) {
        throw new IllegalStateException("the router was not ready within " + ROUTER_START);
      }
      progress.accept("Router    ready, ledger on port " + processor.port());
      opened(notary(options, progress));
      Runwire producer = opened(Runwire.connect(kafka.bootstrapServers()));
      playground =
          opened(
              new QuickstartPlayground(
                  tokens, producer, new DemoAgent(options.folder()), this::edgeUrls));
      for (int i = 0; i < EDGES; i++) {
        edges.add(opened(edge(options, i, processor.port())));
      }
      progress.accept("Edges     " + String.join("  ", edgeUrls()));
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** Where the console is served. */
  public String consoleUrl() {
    return "http://localhost:" + edges.get(0).port() + "/";
  }

  /** The WebSocket addresses of the edges. */
  public List<String> edgeUrls() {
    return edges.stream().map(edge -> "ws://localhost:" + edge.port() + "/v1/ws").toList();
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  public DevelopmentTokens tokens() {
    return tokens;
  }

  /** Starts a run of the demo agent. */
  public void demo(String question, String thread) {
    playground.start(question, thread);
  }

  @Override
  public void close() {
    for (AutoCloseable part = parts.pollLast(); part != null; part = parts.pollLast()) {
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not close: {}", part.getClass().getSimpleName(), e.toString());
      }
    }
  }

  private static void requireFreePorts(QuickstartOptions options) {
    List<Integer> needed = new ArrayList<>();
    for (int port : List.of(options.edgePort(0), options.processorPort(), options.edgePort(1))) {
      needed.add(port);
      needed.add(options.managementPort(port));
    }
    if (options.kafkaPort() != 0 && needed.contains(options.kafkaPort())) {
      throw new Ports.PortTakenException(options.kafkaPort(), "--kafka-port");
    }
    Ports.requireFree(options.kafkaPort(), "--kafka-port");
    needed.forEach(port -> Ports.requireFree(port, "--port"));
  }

  private static BrokerConfig broker(QuickstartOptions options) {
    BrokerConfig config = BrokerConfig.temporary().withPort(options.kafkaPort());
    return options.data().map(data -> config.withFolder(data.resolve("kafka"))).orElse(config);
  }

  private static String where(QuickstartOptions options) {
    return options
        .data()
        .map(data -> ", data in " + data)
        .orElse(", data in a temporary folder (keep them with --data DIR)");
  }

  /** A folder that is kept with the data, or goes with the process. */
  private Path folder(QuickstartOptions options, String name) throws IOException {
    if (options.data().isPresent()) {
      return Files.createDirectories(options.data().get().resolve(name));
    }
    Path temporary = Files.createTempDirectory("runwire-" + name);
    opened(() -> deleteTree(temporary));
    return temporary;
  }

  /** Signs by a key of its own, made at the first start. */
  private Notary notary(QuickstartOptions options, Consumer<String> progress) throws Exception {
    Path folder = folder(options, "notary");
    Path secret = folder.resolve("notary.key");
    Path publicKey = folder.resolve("notary.pub");
    if (!Files.exists(secret)) {
      NotaryKey key = NotaryKey.generate("localhost/runwire");
      Files.writeString(publicKey, key.publicKey() + "\n");
      SecretFile.create(secret, List.of(key.secret()));
    }
    Notary notary =
        Notary.start(
            NotaryConfig.of(
                Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(),
                    "partitions", Integer.toString(QuickstartOptions.PARTITIONS),
                    "key.file", secret.toString(),
                    "archive.dir", folder.resolve("archive").toString(),
                    "management.port", "0")));
    progress.accept("Notary    signs the log, its key: " + publicKey);
    return notary;
  }

  private RunwireProcessor processor(QuickstartOptions options) throws Exception {
    Path state = folder(options, "router");
    Map<String, String> settings = new TreeMap<>();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("partitions", Integer.toString(QuickstartOptions.PARTITIONS));
    settings.put("http.port", Integer.toString(options.processorPort()));
    settings.put(
        "management.port", Integer.toString(options.managementPort(options.processorPort())));
    settings.put("state.dir", state.toString());
    return RunwireProcessor.start(ProcessorConfig.of(settings));
  }

  private RunwireEdge edge(QuickstartOptions options, int index, int ledgerPort) throws Exception {
    int port = options.edgePort(index);
    Map<String, String> settings = new TreeMap<>();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("partitions", Integer.toString(QuickstartOptions.PARTITIONS));
    settings.put("http.host", QuickstartOptions.HOST);
    settings.put("http.port", Integer.toString(port));
    settings.put("management.port", Integer.toString(options.managementPort(port)));
    settings.put("ledger.url", "http://" + QuickstartOptions.HOST + ":" + ledgerPort);
    settings.put("token.hs256.secret", tokens.secret());
    settings.put("token.issuer", DevelopmentTokens.ISSUER);
    settings.put("token.audience", DevelopmentTokens.AUDIENCE);
    settings.put("development", "true");
    settings.put("origins", "*"); // the console of one edge talks to the other
    return RunwireEdge.start(EdgeConfig.of(settings), Optional.of(playground));
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.addLast(part);
    return part;
  }
}
