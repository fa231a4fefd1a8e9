package io.runwire.loadtest.measure;

import io.runwire.config.SecretFile;
import io.runwire.loadtest.drive.AgentFleetMain;
import io.runwire.loadtest.drive.ClientFleetMain;
import io.runwire.loadtest.drive.PulseFleetMain;
import io.runwire.loadtest.drive.SdkFleet;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Edge;
import io.runwire.loadtest.process.Fleet;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.process.Program;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.loadtest.process.Tuning;
import io.runwire.loadtest.report.ReportDirectory;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * A whole system as processes, and those who write to it and read from it, each group a process of
 * its own. Clients connect to the edges directly. Belongs to one thread.
 */
final class Rig implements AutoCloseable {
  private static final String HEAP = "256m";

  /** For whoever is there all the time, and would keep a core busy that others need. */
  private static final List<String> LASTING = List.of("-XX:TieredStopAtLevel=4");

  /**
   * For whoever comes and goes: his first collection, on cold code, is up to 100 ms of a core that
   * all others miss, and he is gone before he has filled this.
   */
  private static final List<String> PASSING = List.of("-Xmn128m");

  private static final int CLIENTS_PER_USER = 5;
  private static final Duration LOGGED_WITHIN = Duration.ofMinutes(5);

  private final RunwireSystem system;
  private final ReportDirectory directory;
  private final Consumer<String> progress;
  private int groups;

  private Rig(RunwireSystem system, ReportDirectory directory, Consumer<String> progress) {
    this.system = system;
    this.directory = directory;
    this.progress = progress;
  }

  /** Starts the system and returns when it is ready. */
  static Rig start(Bench.Setting setting, Layout layout, Tuning tuning)
      throws IOException, InterruptedException, TimeoutException {
    setting
        .progress()
        .accept("starting brokers, router and edge; logs in " + setting.directory().logs());
    ReportDirectory directory = setting.directory();
    RunwireSystem system =
        RunwireSystem.start(
            layout,
            setting.launch(),
            tuning,
            directory.data(),
            directory.logs(),
            note -> setting.progress().accept("note: " + note));
    return new Rig(system, directory, setting.progress());
  }

  RunwireSystem system() {
    return system;
  }

  /** The first edge, or the only one. */
  Edge edge() {
    return system.edges().get(0);
  }

  ReportDirectory directory() {
    return directory;
  }

  /** Returns when so many records stand in thread-events. */
  void awaitLogged(long records) throws InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int p = 0; p < system.layout().partitions(); p++) {
      ends.put(new TopicPartition(Topic.THREAD_EVENTS.topicName(), p), OffsetSpec.latest());
    }
    Await.until(
        records + " records logged",
        LOGGED_WITHIN,
        () ->
            system.kafka().admin().listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum()
                >= records);
  }

  void say(String step) {
    progress.accept(step);
  }

  /**
   * Agents that write by plan, started.
   *
   * @param threads as {@code prefix.*count}
   * @param events of all; 0: until they are stopped
   */
  Fleet pulses(String name, String threads, double perSecond, int bytes, long events) {
    Fleet fleet =
        system.addAgents(
            name,
            unique ->
                Program.java(
                    HEAP,
                    events == 0 ? LASTING : List.of(),
                    PulseFleetMain.class.getName(),
                    List.of(
                        "--bootstrap=" + system.kafka().bootstrapServers(),
                        "--threads=" + threads,
                        "--events-per-second=" + perSecond,
                        "--event-bytes=" + bytes,
                        "--events=" + events)));
    fleet.start();
    return fleet;
  }

  /**
   * Readers, one socket and one thread each, for a while, started.
   *
   * @param more options of {@link ClientFleetMain}
   */
  Readers readers(String name, int clients, String threads, String... more) throws IOException {
    return readers(PASSING, name, clients, threads, more);
  }

  /** Readers of what is written from now on, who stay; returns when each has subscribed. */
  Readers audience(String name, int clients, String threads)
      throws IOException, InterruptedException, TimeoutException {
    Readers audience = readers(LASTING, name, clients, threads, "--from=latest");
    audience.awaitSubscribed();
    return audience;
  }

  private Readers readers(
      List<String> jvmOptions, String name, int clients, String threads, String... more)
      throws IOException {
    groups++;
    String unique = name + "-" + groups;
    Path tokens = tokens(unique, clients);
    Path journal = directory.path().resolve("seen-" + unique + ".tsv");
    List<String> options = new ArrayList<>();
    options.add("--name=" + unique);
    options.add("--edges=" + edges());
    options.add("--token-file=" + tokens);
    options.add("--threads=" + threads);
    options.add("--clients=" + clients);
    options.add("--from-address=127.0.0." + (1 + groups % 200)); // each has some 28,000 ports
    options.add("--journal=" + journal);
    options.add("--delays=" + Readers.delays(journal));
    options.addAll(List.of(more));
    Fleet fleet =
        system.addClients(
            unique,
            process -> Program.java(HEAP, jvmOptions, ClientFleetMain.class.getName(), options));
    fleet.start();
    return new Readers(fleet, clients, journal);
  }

  /** Agents that write runs and journal them, started. */
  Fleet agents(String name, String threads, double runsPerSecond) {
    Fleet fleet =
        system.addAgents(
            name,
            unique ->
                Program.java(
                    HEAP,
                    AgentFleetMain.class.getName(),
                    List.of(
                        "--bootstrap=" + system.kafka().bootstrapServers(),
                        "--threads=" + threads,
                        "--runs-per-second=" + runsPerSecond,
                        "--journal=" + directory.path().resolve("sent-" + unique + ".tsv"))));
    fleet.start();
    return fleet;
  }

  /** Readers by the JavaScript SDK, started. */
  Readers sdkReaders(SdkFleet sdk, int clients, String threads) throws IOException {
    String unique = "sdk-" + ++groups;
    Path tokens = tokens(unique, clients);
    Path journal = directory.path().resolve("seen-" + unique + ".tsv");
    Fleet fleet =
        system.addClients(
            unique,
            process ->
                sdk.command(
                    List.of(
                        "--name=" + unique,
                        "--edges=" + edges(),
                        "--token-file=" + tokens,
                        "--threads=" + threads,
                        "--clients=" + clients,
                        "--journal=" + journal)));
    fleet.start();
    return new Readers(fleet, clients, journal);
  }

  @Override
  public void close() {
    system.close();
  }

  /** A token for each user, for this process's eyes alone. */
  private Path tokens(String group, int clients) throws IOException {
    Path file = directory.data().resolve("tokens-" + group);
    int users = (clients + CLIENTS_PER_USER - 1) / CLIENTS_PER_USER;
    SecretFile.create(
        file, IntStream.range(0, users).mapToObj(i -> system.token(group + "-" + i)).toList());
    return file;
  }

  private String edges() {
    return system.edges().stream()
        .map(edge -> edge.direct().toString())
        .collect(Collectors.joining(","));
  }
}
