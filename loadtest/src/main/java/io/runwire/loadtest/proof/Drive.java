package io.runwire.loadtest.proof;

import io.runwire.config.SecretFile;
import io.runwire.loadtest.drive.AgentFleetMain;
import io.runwire.loadtest.drive.ClientFleetMain;
import io.runwire.loadtest.drive.SdkFleet;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Balancer;
import io.runwire.loadtest.process.Fleet;
import io.runwire.loadtest.process.Program;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.topic.ThreadPartitioner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Who writes and who reads during a proof. Two processes of agents share the threads; clients
 * follow each thread from its beginning: directly, with acknowledgements, through the balancer, and
 * by the JavaScript SDK.
 */
final class Drive {
  private static final String HEAP = "128m";
  private static final int THREADS = 16;
  private static final String PREFIX = "proof";
  private static final String THREAD_NAMES = PREFIX + ".*" + THREADS;
  private static final int CLIENTS = 2 * THREADS;

  /** Of each process of agents; a run has some 50 events. */
  private static final int RUNS_PER_SECOND = 2;

  /** Shorter than a broker is frozen. */
  private static final int DELIVERY_TIMEOUT_MS = 6_000;

  /** Longer than any part needs to be replaced, shorter than all routers are frozen. */
  private static final int RUN_TIMEOUT_MS = 25_000;

  private static final int REPEAT_PERCENT = 5;

  /** Received before the first fault, so that what is measured is not the first use of code. */
  private static final long WARM_EVENTS = 5_000;

  private static final Duration AT_WORK_WITHIN = Duration.ofSeconds(60);

  /** An edge bounds the connections of one user. */
  private static final int USERS = 16;

  private final List<Fleet> agents = new ArrayList<>();
  private final List<Fleet> clients = new ArrayList<>();
  private final RunwireSystem system;
  private final Path journals;
  private final Path data;
  private final Path tokens;
  private final long seed;

  private Drive(RunwireSystem system, Path journals, Path data, long seed) throws IOException {
    this.system = system;
    this.journals = journals;
    this.data = data;
    this.seed = seed;
    this.tokens = tokens("prove");
  }

  /**
   * Starts clients, then agents; returns when everybody is at work.
   *
   * @param data for what must not outlive the proof
   */
  static Drive start(RunwireSystem system, Path journals, Path data, ProofOptions options)
      throws IOException, InterruptedException, TimeoutException {
    Drive drive = new Drive(system, journals, data, options.seed());
    drive.readers("direct", system.sockets(), false);
    drive.readers("acking", system.sockets(), true);
    system.balancer().ifPresent(one -> drive.readers("balanced", drive.byPartition(one), false));
    long expected =
        (long) CLIENTS * drive.clients.size() + (options.sdk().isPresent() ? THREADS : 0);
    if (options.sdk().isPresent()) {
      drive.sdkReaders(options.sdk().get());
    }
    drive.clients.forEach(Fleet::start);
    SeenLines subscribed = new SeenLines(journals, "subscribed");
    Await.until("all clients subscribed", AT_WORK_WITHIN, () -> subscribed.count() >= expected);
    for (int i = 1; i <= 2; i++) {
      drive.writers("agents-" + i, i);
    }
    drive.agents.forEach(Fleet::start);
    SeenLines events = new SeenLines(journals, "event");
    Await.until("first events seen", AT_WORK_WITHIN, () -> events.count() >= WARM_EVENTS);
    return drive;
  }

  /** They finish their runs; returns when all have. */
  void stopAgents() {
    agents.forEach(Fleet::stop);
  }

  void stopClients() {
    clients.forEach(Fleet::stop);
  }

  /** For each thread the address that leads to its partition's edge; client by client in turn. */
  private List<URI> byPartition(Balancer balancer) {
    return IntStream.range(0, THREADS)
        .map(i -> ThreadPartitioner.partition(PREFIX + "." + i, system.layout().partitions()))
        .mapToObj(p -> URI.create(balancer.socket() + "?p=" + p))
        .toList();
  }

  private void readers(String name, List<URI> edges, boolean ack) {
    String sockets = joined(edges);
    clients.add(
        system.addClients(
            name,
            unique ->
                Program.java(
                    HEAP,
                    ClientFleetMain.class.getName(),
                    List.of(
                        "--name=" + unique,
                        "--edges=" + sockets,
                        "--token-file=" + tokens,
                        "--threads=" + THREAD_NAMES,
                        "--clients=" + CLIENTS,
                        "--ack=" + ack,
                        "--seed=" + seed,
                        "--journal=" + journals.resolve("seen-" + unique + ".tsv")))));
  }

  /** One client for each thread, of users of their own. */
  private void sdkReaders(SdkFleet fleet) throws IOException {
    String sockets = joined(system.sockets());
    Path ofTheirUsers = tokens("sdk");
    clients.add(
        system.addClients(
            "sdk",
            unique ->
                fleet.command(
                    List.of(
                        "--name=" + unique,
                        "--edges=" + sockets,
                        "--token-file=" + ofTheirUsers,
                        "--threads=" + THREAD_NAMES,
                        "--clients=" + THREADS,
                        "--journal=" + journals.resolve("seen-" + unique + ".tsv")))));
  }

  /** A file with a token of each user, for this process's eyes alone. */
  private Path tokens(String user) throws IOException {
    Path file = data.resolve("tokens-" + user);
    SecretFile.create(
        file, IntStream.range(0, USERS).mapToObj(i -> system.token(user + "-" + i)).toList());
    return file;
  }

  private static String joined(List<URI> edges) {
    return edges.stream().map(URI::toString).collect(Collectors.joining(","));
  }

  private void writers(String name, int number) {
    agents.add(
        system.addAgents(
            name,
            unique ->
                Program.java(
                    HEAP,
                    AgentFleetMain.class.getName(),
                    List.of(
                        "--bootstrap=" + system.kafka().bootstrapServers(),
                        "--threads=" + THREAD_NAMES,
                        "--runs-per-second=" + RUNS_PER_SECOND,
                        "--run-timeout-ms=" + RUN_TIMEOUT_MS,
                        "--delivery-timeout-ms=" + DELIVERY_TIMEOUT_MS,
                        "--repeat-percent=" + REPEAT_PERCENT,
                        "--seed=" + (seed + number),
                        "--journal=" + journals.resolve("sent-" + unique + ".tsv")))));
  }
}
