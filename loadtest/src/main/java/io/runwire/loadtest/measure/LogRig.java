package io.runwire.loadtest.measure;

import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.FolderTree;
import io.runwire.loadtest.process.KafkaCluster;
import io.runwire.loadtest.process.Node;
import io.runwire.loadtest.process.Ports;
import io.runwire.loadtest.process.ProcessGroup;
import io.runwire.loadtest.process.Program;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeoutException;

/**
 * One broker with Runwire's topics, and programs beside it that are measured: no edges, no clients.
 * All of them get the compiler of a program that lives long. Belongs to one thread.
 */
final class LogRig implements AutoCloseable {
  private static final String HEAP = "512m";
  private static final Duration TOPICS_WITHIN = Duration.ofMinutes(1);

  private final Bench.Setting setting;
  private final int partitions;
  private final Path data;
  private final Path logs;
  private final ProcessGroup group;
  private final KafkaCluster kafka;

  private LogRig(
      Bench.Setting setting,
      int partitions,
      Path data,
      Path logs,
      ProcessGroup group,
      KafkaCluster kafka) {
    this.setting = setting;
    this.partitions = partitions;
    this.data = data;
    this.logs = logs;
    this.group = group;
    this.kafka = kafka;
  }

  /** Starts a broker, creates the topics, and returns when both are there. */
  static LogRig start(Bench.Setting setting, int partitions)
      throws IOException, InterruptedException, TimeoutException {
    setting.progress().accept("starting a broker; logs in " + setting.directory().logs());
    Path data = Files.createDirectories(setting.directory().data());
    Path logs = Files.createDirectories(setting.directory().logs());
    ProcessGroup group =
        new ProcessGroup(
            ended -> setting.progress().accept("note: " + ended + " ended by itself"),
            () -> FolderTree.delete(data));
    boolean started = false;
    try {
      LogRig rig =
          new LogRig(
              setting,
              partitions,
              data,
              logs,
              group,
              KafkaCluster.start(group, data, logs, 1, List.of(), Program.LONG_LIVED));
      rig.createTopics();
      started = true;
      return rig;
    } finally {
      if (!started) {
        group.close();
      }
    }
  }

  KafkaCluster kafka() {
    return kafka;
  }

  /** For what a program keeps; gone in the end. */
  Path data() {
    return data;
  }

  void say(String step) {
    setting.progress().accept(step);
  }

  /**
   * Starts one of Runwire's own programs, and returns when it does its work.
   *
   * @param command of the command line that takes a file of settings
   * @param settings beside the broker's address, the partitions and the management port
   */
  Node run(String command, Map<String, String> settings)
      throws IOException, InterruptedException, TimeoutException {
    int management = Ports.next();
    Properties all = new Properties();
    all.putAll(settings);
    all.put("bootstrap.servers", kafka.bootstrapServers());
    all.put("partitions", Integer.toString(partitions));
    all.put("management.port", Integer.toString(management));
    Path file = data.resolve(command + ".properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      all.store(out, null);
    }
    ChildProcess process =
        start(
            command,
            setting
                .launch()
                .command(HEAP, Program.LONG_LIVED, command, "--config", file.toString()));
    Node node =
        new Node(process, URI.create("http://127.0.0.1:" + management + "/readyz"), List.of());
    node.awaitReady();
    return node;
  }

  /** Starts a main class of this class path. */
  ChildProcess run(String name, Class<?> main, List<String> arguments) {
    return start(name, Program.java(HEAP, Program.LONG_LIVED, main.getName(), arguments));
  }

  /** What a process has used of the processors so far. */
  static Duration cpu(ChildProcess process) {
    return ProcessHandle.of(process.pid())
        .flatMap(handle -> handle.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    kafka.close();
    group.close();
  }

  private void createTopics() throws InterruptedException, TimeoutException {
    ChildProcess topics =
        start(
            "topics",
            setting
                .launch()
                .command(
                    HEAP,
                    List.of(),
                    "topics",
                    "--bootstrap",
                    kafka.bootstrapServers(),
                    "--partitions",
                    Integer.toString(partitions),
                    "--replication-factor",
                    "1"));
    topics.letEnd();
    Await.until("topics created", TOPICS_WITHIN, () -> !topics.alive());
    kafka.awaitReady();
  }

  private ChildProcess start(String name, List<String> command) {
    ChildProcess process = group.add(new Program(name, command, logs.resolve(name + ".log")));
    process.start();
    return process;
  }
}
