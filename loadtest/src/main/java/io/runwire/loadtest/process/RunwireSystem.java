package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A whole Runwire on this machine, every part a process of its own: brokers, routers, edges, a
 * balancer, and whatever drives them. A part that ends by itself is told of and started again, as a
 * supervisor would: after a second, then after twice as long each time.
 *
 * <pre>
 *   agents ──▶ brokers ◀── lane ── routers
 *                 ▲
 *                 └─ lane ── edges ◀── proxy ── clients
 *                               ▲        ▲
 *                               └────────┴── balancer ── clients
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class RunwireSystem implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String HEAP = "256m";
  private static final String MANY = "20000";
  private static final Duration TOPICS_WITHIN = Duration.ofSeconds(60);
  private static final Duration HALTED_WITHIN = Duration.ofSeconds(30);
  private static final long FIRST_RESTART_AFTER_MS = 1_000;
  private static final long LAST_RESTART_AFTER_MS = 30_000;

  private final Layout layout;
  private final Launch launch;
  private final Tuning tuning;
  private final Path data;
  private final Path logs;
  private final Consumer<String> notes;
  private final ProcessGroup group;
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "runwire-supervisor");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<ChildProcess, Long> restartAfterMs = new ConcurrentHashMap<>();
  private final Map<ChildProcess, Long> outSinceMs = new ConcurrentHashMap<>();
  private final Set<ChildProcess> unsupervised = ConcurrentHashMap.newKeySet();
  private final KafkaCluster kafka;
  private final List<Node> routers = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final List<Fleet> agents = new CopyOnWriteArrayList<>();
  private final Optional<Balancer> balancer;
  private final URI ledger;

  /**
   * Starts everything and returns when it is ready.
   *
   * @param data where brokers and routers keep theirs; removed in the end
   * @param logs a file for each process
   * @param notes told of what happens by itself, for a person to read
   */
  public static RunwireSystem start(
      Layout layout, Launch launch, Path data, Path logs, Consumer<String> notes)
      throws IOException, InterruptedException, TimeoutException {
    return start(layout, launch, Tuning.NONE, data, logs, notes);
  }

  /** Starts everything, other than usual. */
  public static RunwireSystem start(
      Layout layout, Launch launch, Tuning tuning, Path data, Path logs, Consumer<String> notes)
      throws IOException, InterruptedException, TimeoutException {
    return new RunwireSystem(layout, launch, tuning, data, logs, notes);
  }

  private RunwireSystem(
      Layout layout, Launch launch, Tuning tuning, Path data, Path logs, Consumer<String> notes)
      throws IOException, InterruptedException, TimeoutException {
    this.layout = layout;
    this.launch = launch;
    this.tuning = tuning;
    this.data = Files.createDirectories(data);
    this.logs = Files.createDirectories(logs);
    this.notes = notes;
    this.group = new ProcessGroup(this::endedByItself, () -> FolderTree.delete(data));
    boolean started = false;
    try {
      kafka =
          KafkaCluster.start(
              group, this.data, this.logs, layout.brokers(), lanes(), tuning.jvmOptions());
      createTopics();
      ledger = addRouters();
      startEdges();
      balancer = Balancer.start(group, this.data, this.logs, launch.haproxy(), backends());
      awaitReady();
      started = true;
    } finally {
      if (!started) {
        group.close();
      }
    }
  }

  public Layout layout() {
    return layout;
  }

  public KafkaCluster kafka() {
    return kafka;
  }

  public List<Node> routers() {
    return List.copyOf(routers);
  }

  public List<Edge> edges() {
    return List.copyOf(edges);
  }

  /** The edge with the most clients: after a failure all of them may be at one. */
  public Edge busiestEdge() {
    return edges.stream()
        .max(Comparator.comparingInt(edge -> edge.clients().connections()))
        .orElseThrow();
  }

  /** Where the routers' ledger answers. */
  public URI ledger() {
    return ledger;
  }

  /** Absent where HAProxy is not installed. */
  public Optional<Balancer> balancer() {
    return balancer;
  }

  /** The WebSocket addresses of the edges, each through its own proxy. */
  public List<URI> sockets() {
    return edges.stream().map(Edge::socket).toList();
  }

  /** A token of a user, for everything. */
  public String token(String user) {
    return launch.token().apply(user);
  }

  /**
   * Has a router halt between its changelog's acknowledgement and its output's; returns when it is
   * gone. It stays away until {@link #startRouters()}.
   *
   * @throws TimeoutException if none had anything to do
   */
  public void haltARouterBetweenAcks() throws IOException, InterruptedException, TimeoutException {
    routers.forEach(router -> router.process().letEnd());
    try {
      HaltBetweenAcks.request(haltFile());
      Await.until(
          "a router halted",
          HALTED_WITHIN,
          () -> routers.stream().anyMatch(router -> !router.process().alive()));
    } finally {
      Files.deleteIfExists(haltFile());
    }
  }

  /** Starts the routers that do not run. */
  public void startRouters() {
    routers.forEach(router -> router.process().start());
  }

  /**
   * Something that drives the system or disturbs it, started. It is not started again when it ends,
   * and ends with the system at the latest.
   */
  public ChildProcess drive(String name, List<String> command) {
    ChildProcess driver = group.add(new Program(name, command, logs.resolve(name + ".log")));
    unsupervised.add(driver);
    driver.start();
    return driver;
  }

  /** Agents that will write, not yet started. */
  public Fleet addAgents(String name, Function<String, List<String>> command) {
    Fleet fleet = new Fleet(this, name, command);
    agents.add(fleet);
    return fleet;
  }

  /** Clients that will read, not yet started. */
  public Fleet addClients(String name, Function<String, List<String>> command) {
    return new Fleet(this, name, command);
  }

  public List<Fleet> agents() {
    return List.copyOf(agents);
  }

  /** Returns when every part does its work. */
  public void awaitReady() throws InterruptedException, TimeoutException {
    kafka.awaitReady();
    for (Node router : routers) {
      router.awaitReady();
      outSinceMs.remove(router.process());
    }
    for (Edge edge : edges) {
      edge.node().awaitReady();
    }
  }

  /**
   * When the first router halted, if all have and none does its work again: they would rather route
   * nothing than lose something, and an operator has been called.
   *
   * @return milliseconds since the epoch
   */
  public OptionalLong haltedSinceMs() throws InterruptedException {
    for (Node router : routers) {
      if (!outSinceMs.containsKey(router.process()) || router.readyNow()) {
        return OptionalLong.empty();
      }
    }
    return routers.stream().mapToLong(router -> outSinceMs.get(router.process())).min();
  }

  @Override
  public void close() {
    supervisor.shutdownNow();
    kafka.close();
    group.close();
    edges.forEach(edge -> edge.clients().close());
  }

  private List<String> lanes() {
    List<String> lanes = new ArrayList<>();
    for (int i = 1; i <= layout.routers(); i++) {
      lanes.add(lane("ROUTER", i));
    }
    for (int i = 1; i <= layout.edges(); i++) {
      lanes.add(lane("EDGE", i));
    }
    return lanes;
  }

  private static String lane(String kind, int number) {
    return kind + "_" + number;
  }

  private void createTopics() throws InterruptedException, TimeoutException {
    ChildProcess topics =
        drive(
            "topics",
            launch.command(
                HEAP,
                List.of(),
                "topics",
                "--bootstrap",
                kafka.bootstrapServers(),
                "--partitions",
                Integer.toString(layout.partitions()),
                "--replication-factor",
                Short.toString(kafka.replicationFactor())));
    Await.until("topics created", TOPICS_WITHIN, () -> !topics.alive());
    kafka.awaitReady();
  }

  private Path haltFile() {
    return data.resolve("halt");
  }

  private URI addRouters() throws IOException {
    int ledgerPort = 0;
    for (int i = 1; i <= layout.routers(); i++) {
      String name = "router-" + i;
      ledgerPort = Ports.next();
      int management = Ports.next();
      Map<String, String> settings = new TreeMap<>(HaltBetweenAcks.settings(haltFile()));
      settings.put("bootstrap.servers", kafka.bootstrapServers(lane("ROUTER", i)));
      settings.put("partitions", Integer.toString(layout.partitions()));
      settings.put("http.port", Integer.toString(ledgerPort));
      settings.put("management.port", Integer.toString(management));
      settings.put("state.dir", data.resolve(name).toString());
      List<String> command =
          launch.command(HEAP, tuning.jvmOptions(), "processor", "--config", file(name, settings));
      routers.add(node(name, command, management, lane("ROUTER", i)));
    }
    return URI.create("http://" + HOST + ":" + ledgerPort);
  }

  private void startEdges() throws IOException {
    for (int i = 1; i <= layout.edges(); i++) {
      int port = Ports.next();
      int management = Ports.next();
      Map<String, String> settings = new TreeMap<>(launch.access());
      settings.put("bootstrap.servers", kafka.bootstrapServers(lane("EDGE", i)));
      settings.put("partitions", Integer.toString(layout.partitions()));
      settings.put("http.host", HOST);
      settings.put("http.port", Integer.toString(port));
      settings.put("management.port", Integer.toString(management));
      settings.put("ledger.url", ledger.toString());
      // A few users and one address stand for many; all of them may be at one edge.
      settings.put("connections.per.user", MANY);
      settings.put("connections.per.node", MANY);
      settings.put("connections.per.address", MANY);
      settings.put("drain.unready.wait.ms", "1500"); // three looks of the balancer
      settings.put("drain.over.ms", "6000");
      settings.put("drain.grace.ms", "15000");
      settings.putAll(tuning.edgeSettings());
      String name = "edge-" + i;
      List<String> command =
          launch.command(
              tuning.edgeHeap(),
              tuning.allEdgeJvmOptions(),
              "edge",
              "--config",
              file(name, settings));
      Node node = node(name, command, management, lane("EDGE", i));
      edges.add(new Edge(node, Edge.socket(port), TcpProxy.open(Ports.next(), port)));
    }
  }

  /** Writes a part's settings; returns the file. */
  private String file(String name, Map<String, String> settings) throws IOException {
    Path file = data.resolve(name + ".properties");
    Properties properties = new Properties();
    properties.putAll(settings);
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file.toString();
  }

  private Node node(String name, List<String> command, int management, String lane) {
    ChildProcess process = group.add(new Program(name, command, logs.resolve(name + ".log")));
    process.start();
    URI ready = URI.create("http://" + HOST + ":" + management + "/readyz");
    return new Node(process, ready, kafka.lane(lane));
  }

  private List<Balancer.Backend> backends() {
    return edges.stream()
        .map(
            edge ->
                new Balancer.Backend(
                    edge.toString(), edge.clients().port(), edge.node().ready().getPort()))
        .toList();
  }

  private void endedByItself(ChildProcess child) {
    if (unsupervised.contains(child)) {
      return;
    }
    outSinceMs.putIfAbsent(child, System.currentTimeMillis());
    long waits = restartAfterMs.merge(child, FIRST_RESTART_AFTER_MS, RunwireSystem::longer);
    notes.accept(child + " ended by itself, starts again; see " + child.program().log());
    var unused = supervisor.schedule(child::start, waits, TimeUnit.MILLISECONDS);
  }

  private static long longer(long before, long first) {
    return Math.min(2 * before, LAST_RESTART_AFTER_MS);
  }
}
