package io.runwire.edge;

import io.runwire.edge.access.Origins;
import io.runwire.edge.access.RemoteKeys;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.bounds.Bounds;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.bounds.Places;
import io.runwire.edge.console.Playground;
import io.runwire.edge.console.PlaygroundHandler;
import io.runwire.edge.evidence.EvidenceWriter;
import io.runwire.edge.feed.KafkaLog;
import io.runwire.edge.http.ApiHandler;
import io.runwire.edge.http.CrossOrigin;
import io.runwire.edge.http.LedgerClient;
import io.runwire.edge.http.ReplayHandler;
import io.runwire.edge.http.RunsHandler;
import io.runwire.edge.http.SseHandler;
import io.runwire.edge.hub.Hub;
import io.runwire.edge.hub.ReadBudget;
import io.runwire.edge.ops.Drain;
import io.runwire.edge.ops.DrainHandler;
import io.runwire.edge.ops.EdgeMetrics;
import io.runwire.edge.ops.ManagementServer;
import io.runwire.edge.socket.SocketHost;
import io.runwire.edge.socket.SocketSettings;
import io.runwire.edge.socket.WebSocketHandshake;
import io.runwire.edge.tls.ServerCertificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running edge node. {@link #start} wires it; {@link #close} takes it down in reverse order. */
public final class RunwireEdge implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunwireEdge.class);

  /** How old the next record behind a cursor may be for a token without {@code history}. */
  private static final Duration RESUME_WITHIN = Duration.ofHours(24);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final PublicServer server;
  private final ManagementServer management;
  private final Drain drain;

  /**
   * Starts an edge.
   *
   * @param playground what a development edge offers besides; empty in production
   * @throws org.apache.kafka.common.KafkaException if the log cannot be reached
   * @throws java.io.IOException if a port is taken
   */
  public static RunwireEdge start(EdgeConfig config, Optional<Playground> playground)
      throws Exception {
    return new RunwireEdge(config, playground);
  }

  private RunwireEdge(EdgeConfig config, Optional<Playground> playground) throws Exception {
    try {
      Clock clock = Clock.systemUTC();
      EdgeMetrics metrics = opened(new EdgeMetrics());
      KafkaLog kafkaLog = opened(KafkaLog.open(config.log(), config.history(), metrics.registry()));
      ReadBudget budget = new ReadBudget(config.history().readAheadBytes());
      LedgerClient ledger = new LedgerClient(config.ledger());
      EvidenceWriter evidence =
          opened(EvidenceWriter.open(config.log().kafka(), config.evidence()));
      Hub hub =
          opened(
              new Hub(
                  kafkaLog,
                  kafkaLog.windows(),
                  budget,
                  ledger,
                  metrics,
                  evidence,
                  clock,
                  config.delivery(),
                  config.retry(),
                  config.log().linger()));
      ScheduledExecutorService timer = timer("runwire-socket-timer");
      ScheduledExecutorService upkeep = timer("runwire-keys");
      Optional<RemoteKeys> keys =
          config.access().token().keyServer().map(at -> RemoteKeys.fetching(at, clock, upkeep));
      TokenVerifier verifier = new TokenVerifier(config.access().token(), keys, clock);
      Optional<ServerCertificate> certificate = Optional.empty();
      if (config.tls().isPresent()) {
        certificate =
            Optional.of(opened(ServerCertificate.open(config.tls().get(), clock, upkeep)));
      }
      Bounds bounds = Bounds.of(config.bounds(), metrics, timer, System::nanoTime);
      server =
          opened(
              server(
                  config,
                  verifier,
                  certificate,
                  playground,
                  clock,
                  ledger,
                  hub,
                  metrics,
                  bounds,
                  timer));
      drain =
          new Drain(config.drain(), bounds.places(), server::stopAccepting, timer, new Random());
      management =
          opened(
              new ManagementServer(
                  config.management().host(),
                  config.management().port(),
                  certificate.filter(shown -> config.tls().get().management()),
                  metrics,
                  kafkaLog::alive,
                  () ->
                      drain.ready()
                          && kafkaLog.alive()
                          && keys.stream().allMatch(RemoteKeys::usable),
                  new DrainHandler(drain, bounds.places())));
      publish(metrics, hub, evidence);
      publish(metrics, bounds.places());
      metrics.gauge(
          "runwire.edge.port.connections",
          "Connections of the public port, whatever they are for",
          server::connections);
      metrics.gauge(
          "runwire.edge.drain.state",
          "0 serving, 1 unready, 2 clients leave, 3 drained",
          () -> drain.state().ordinal());
      metrics.gauge(
          "runwire.edge.read.ahead.bytes",
          "Bytes of history that wait for sockets",
          budget::heldBytes);
      keys.ifPresent(known -> publish(metrics, known));
      certificate.ifPresent(shown -> publish(metrics, shown));
      server.start();
      management.start();
      log.info("edge serves port {}, management port {}", server.port(), management.port());
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  static PublicServer server(
      EdgeConfig config,
      TokenVerifier verifier,
      Optional<ServerCertificate> certificate,
      Optional<Playground> playground,
      Clock clock,
      LedgerClient ledger,
      Hub hub,
      EdgeMetrics metrics,
      Bounds bounds,
      ScheduledExecutorService timer) {
    SocketSettings sockets =
        new SocketSettings(
            config.delivery().maxSubscriptions(),
            config.heartbeat(),
            config.access().authDeadline(),
            RESUME_WITHIN,
            config.bounds());
    return new PublicServer(
        config.http(),
        certificate,
        bounds,
        new WebSocketHandshake(
            new SocketHost(
                hub, verifier, bounds.places(), bounds.deadlines(), sockets, clock, timer),
            new Origins(config.access().origins())),
        CrossOrigin.around(
            new ApiHandler(
                new SseHandler(
                    hub,
                    verifier,
                    bounds.places(),
                    bounds.deadlines(),
                    clock,
                    config.heartbeat().every(),
                    RESUME_WITHIN),
                new ReplayHandler(
                    hub,
                    ledger,
                    verifier,
                    bounds.places(),
                    bounds.deadlines(),
                    config.retry(),
                    metrics,
                    clock),
                new RunsHandler(ledger, verifier),
                config.log().partitions()),
            config.access().origins()),
        new PlaygroundHandler(config.access().development() ? playground : Optional.empty()),
        (request, response) -> metrics.answered(response.getStatus()));
  }

  private static void publish(EdgeMetrics metrics, Hub hub, EvidenceWriter evidence) {
    metrics.gauge("runwire.edge.partitions.owned", "Partitions attached", hub::partitionsOwned);
    metrics.gauge("runwire.edge.evidence.written", "Reports in edge-deliveries", evidence::written);
    metrics.gauge(
        "runwire.edge.evidence.dropped", "Reports that Kafka never got", evidence::dropped);
  }

  private static void publish(EdgeMetrics metrics, RemoteKeys keys) {
    metrics.gauge(
        "runwire.edge.token.keys.age.seconds",
        "Since the issuer's keys were last fetched",
        keys::ageSeconds);
    metrics.gauge("runwire.edge.token.keys.failures", "Fetches that failed so far", keys::failures);
  }

  private static void publish(EdgeMetrics metrics, ServerCertificate certificate) {
    metrics.gauge(
        "runwire.edge.certificate.expiry.seconds",
        "When the certificate that is served ceases to be valid, in Unix time",
        certificate::expirySeconds);
    metrics.gauge(
        "runwire.edge.certificate.failures",
        "Looks at the certificate's files that found none to be served, so far",
        certificate::failures);
  }

  static void publish(EdgeMetrics metrics, Places places) {
    for (Place.Kind kind : Place.Kind.values()) {
      metrics.gauge(
          "runwire.edge.connections",
          "Open connections, with a token or without",
          () -> places.count(kind),
          "kind",
          kind.name());
    }
    metrics.gauge(
        "runwire.edge.connections.limit", "Connections with a token at most", places::limit);
    metrics.gauge("runwire.edge.settled", "Connections with a token", places::settled);
    metrics.gauge(
        "runwire.edge.unauthenticated", "Sockets without a token yet", places::unauthenticated);
    metrics.gauge("runwire.edge.users", "Users connected", places::users);
    metrics.gauge("runwire.edge.addresses", "Client addresses connected", places::addresses);
  }

  /** The public port. */
  public int port() {
    return server.port();
  }

  public int managementPort() {
    return management.port();
  }

  /** Begins to drain; clients go elsewhere in their own time. */
  public void drain() {
    drain.begin();
  }

  /** Completes when nobody is left, whoever asked to drain; the edge is then to be closed. */
  public CompletableFuture<Void> drained() {
    return drain.drained();
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

  private ScheduledExecutorService timer(String name) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    opened(timer::shutdownNow);
    return timer;
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.addLast(part);
    return part;
  }
}
