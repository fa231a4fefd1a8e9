package io.runwire.edge;

import io.runwire.edge.access.RemoteKeys;
import io.runwire.edge.access.TokenMint;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.bounds.Bounds;
import io.runwire.edge.console.Playground;
import io.runwire.edge.http.LedgerClient;
import io.runwire.edge.hub.FakeLog;
import io.runwire.edge.hub.Hub;
import io.runwire.edge.hub.ReadBudget;
import io.runwire.edge.hub.RecordedEvidence;
import io.runwire.edge.ops.Drain;
import io.runwire.edge.ops.EdgeMetrics;
import io.runwire.edge.time.ManualClock;
import io.runwire.edge.time.ManualTimer;
import io.runwire.edge.tls.ServerCertificate;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * An edge's sockets and HTTP on a free port, over the fake log. Time stands still on its sockets
 * unless {@link #timer} is moved.
 */
public final class TestEdge implements AutoCloseable {
  public static final Duration HEARTBEAT = Duration.ofSeconds(20);
  public static final Duration PONG = Duration.ofSeconds(10);
  public static final Duration AUTH_DEADLINE = Duration.ofSeconds(5);
  public static final int PARTITIONS = 4;

  private static final int WINDOW_BYTES = 1 << 20;

  public final ManualClock clock = new ManualClock();
  public final ManualTimer timer = new ManualTimer(clock);
  public final TokenMint mint = new TokenMint(clock);
  public final EdgeMetrics metrics = new EdgeMetrics();
  public final RecordedEvidence evidence = new RecordedEvidence();
  public final FakeLog log = new FakeLog(clock, PARTITIONS, WINDOW_BYTES);
  public final Hub hub;
  public final Bounds bounds;
  public final Drain drain;
  private final PublicServer server;
  private Optional<ServerCertificate> certificate = Optional.empty();

  private TestEdge(Map<String, String> further, Optional<Playground> playground) throws Exception {
    Map<String, String> settings = new HashMap<>(further);
    settings.put("bootstrap.servers", "none:1");
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", "0");
    if (!further.containsKey("token.jwks.url")) {
      settings.put("token.hs256.secret", TokenMint.SECRET);
    }
    settings.putIfAbsent("ledger.deadline.ms", "30000"); // of a machine with much else to do
    settings.put("token.issuer", TokenMint.ISSUER);
    settings.put("token.audience", TokenMint.AUDIENCE);
    EdgeConfig config = EdgeConfig.of(settings);
    LedgerClient ledger = new LedgerClient(config.ledger());
    hub =
        new Hub(
            log,
            log.windows(),
            new ReadBudget(1 << 20),
            ledger,
            metrics,
            evidence,
            clock,
            config.delivery(),
            config.retry(),
            config.log().linger());
    Optional<RemoteKeys> keys =
        config.access().token().keyServer().map(at -> RemoteKeys.fetching(at, clock, timer));
    if (config.tls().isPresent()) {
      certificate = Optional.of(ServerCertificate.open(config.tls().get(), clock, timer));
    }
    TokenVerifier verifier = new TokenVerifier(config.access().token(), keys, clock);
    bounds = Bounds.of(config.bounds(), metrics, timer, clock::nanos);
    RunwireEdge.publish(metrics, bounds.places());
    server =
        RunwireEdge.server(
            config, verifier, certificate, playground, clock, ledger, hub, metrics, bounds, timer);
    drain = new Drain(config.drain(), bounds.places(), server::stopAccepting, timer, new Random(7));
    server.start();
  }

  public static TestEdge start() throws Exception {
    return start(Map.of());
  }

  /**
   * @param further settings
   */
  public static TestEdge start(Map<String, String> further) throws Exception {
    return new TestEdge(further, Optional.empty());
  }

  /** One that hands out what a quickstart's does. */
  static TestEdge development(Playground playground) throws Exception {
    return new TestEdge(Map.of("development", "true"), Optional.of(playground));
  }

  /** The certificate that is served, where there is one. */
  public ServerCertificate certificate() {
    return certificate.orElseThrow();
  }

  /** Whether nobody is connected, and nothing waits for a time but the tick that looks at all. */
  public boolean deserted() {
    return hub.connections() == 0 && bounds.places().all().isEmpty() && timer.waiting() == 1;
  }

  public int port() {
    return server.port();
  }

  public String authority() {
    return "127.0.0.1:" + port();
  }

  public URI uri(String pathAndQuery) {
    return URI.create(
        (certificate.isPresent() ? "https://" : "http://") + authority() + pathAndQuery);
  }

  public URI socketUri(String query) {
    return URI.create(
        (certificate.isPresent() ? "wss://" : "ws://") + authority() + "/v1/ws" + query);
  }

  @Override
  public void close() throws Exception {
    server.close();
    if (certificate.isPresent()) {
      certificate.get().close();
    }
    hub.close();
    metrics.close();
  }
}
