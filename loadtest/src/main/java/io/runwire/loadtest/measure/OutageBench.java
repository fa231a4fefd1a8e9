package io.runwire.loadtest.measure;

import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.FolderTree;
import io.runwire.loadtest.process.KafkaCluster;
import io.runwire.loadtest.process.ProcessGroup;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import io.runwire.producer.Runwire;
import io.runwire.producer.kafka.KafkaLog;
import io.runwire.producer.kafka.KafkaLogConfig;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * What agents feel of a Kafka that is away, and what comes of their events: a single broker is
 * frozen, then killed and started again, under load.
 *
 * @param agents that write, each a run after the other
 * @param piecesPerSecond of text, of each agent
 * @param outage how long Kafka is away
 */
public record OutageBench(int agents, int piecesPerSecond, Duration outage) implements Bench {
  private static final int PARTITIONS = 8;
  private static final Duration CALM = Duration.ofSeconds(10);
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(2);
  private static final int DIGITS = 3;
  private static final double APPEND_BOUND_S = 3;

  public OutageBench {
    if (agents < 1 || piecesPerSecond < 1 || piecesPerSecond > 1_000) {
      throw new IllegalArgumentException(
          "agents: " + agents + ", pieces: " + piecesPerSecond + " (expected: >= 1, 1..1000)");
    }
  }

  /**
   * What was seen of one outage.
   *
   * @param drainS from when Kafka answers again until the agents' events stand in it
   * @param callsUs that were made while Kafka was away or drained
   * @param wrong a run for each line
   */
  private record Seen(
      String how,
      ConcurrentHistogram calmUs,
      ConcurrentHistogram callsUs,
      ProducerMetrics metrics,
      long mostBytes,
      double drainS,
      long refused,
      int runs,
      List<String> wrong) {}

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    Consumer<String> progress = setting.progress();
    Files.createDirectories(setting.directory().data());
    Files.createDirectories(setting.directory().logs());
    try (ProcessGroup group =
        new ProcessGroup(
            child -> progress.accept("note: " + child + " ended by itself"),
            () -> FolderTree.delete(setting.directory().data()))) {
      KafkaCluster kafka =
          KafkaCluster.start(
              group, setting.directory().data(), setting.directory().logs(), 1, List.of());
      createTopic(kafka);
      ChildProcess broker = kafka.brokers().get(0);
      List<Seen> seen =
          List.of(
              outage("frozen", kafka, progress, broker::freeze, broker::thaw),
              outage("killed", kafka, progress, broker::kill, broker::start));
      return report(seen);
    }
  }

  private static void createTopic(KafkaCluster kafka) throws IOException, InterruptedException {
    try {
      kafka
          .admin()
          .createTopics(List.of(Topic.AGENT_EVENTS.create(PARTITIONS, kafka.replicationFactor())))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("agent-events cannot be created", e);
    }
  }

  private Seen outage(
      String how, KafkaCluster kafka, Consumer<String> progress, Runnable away, Runnable back)
      throws InterruptedException, TimeoutException {
    ConcurrentHistogram calmUs = new ConcurrentHistogram(DIGITS);
    ConcurrentHistogram callsUs = new ConcurrentHistogram(TimeUnit.DAYS.toMicros(1), DIGITS);
    LongAdder refused = new LongAdder();
    Runwire runwire =
        Runwire.over(KafkaLog.connect(KafkaLogConfig.of(kafka.bootstrapServers(), Map.of())));
    try (runwire) {
      progress.accept(agents + " agents write");
      Crew calm = Crew.atWork(this, runwire, "calm-" + how, calmUs, refused);
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      Map<String, String> said = new HashMap<>(calm.finish());
      Crew crew = Crew.atWork(this, runwire, "agent-" + how, callsUs, refused);
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      progress.accept("Kafka is " + how + " for " + outage.toSeconds() + " s");
      away.run();
      TimeUnit.NANOSECONDS.sleep(outage.toNanos());
      long mostBytes = runwire.metrics().unsettledBytes();
      back.run();
      kafka.awaitReady();
      long backNs = System.nanoTime();
      Await.until(
          "the spool drained",
          DRAINED_WITHIN,
          () -> runwire.metrics().unsettledBytes() < mostBytes / 100 + (1 << 16));
      double drainS = (System.nanoTime() - backNs) / 1e9;
      progress.accept("drained; agents go on");
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      said.putAll(crew.finish());
      Await.until("all settled", DRAINED_WITHIN, () -> runwire.metrics().unsettledBytes() == 0);
      List<String> wrong = wrong(said, Stories.read(kafka.bootstrapServers(), PARTITIONS));
      return new Seen(
          how,
          calmUs,
          callsUs,
          runwire.metrics(),
          mostBytes,
          drainS,
          refused.sum(),
          said.size(),
          wrong);
    }
  }

  private static List<String> wrong(Map<String, String> said, Stories stories) {
    List<String> wrong = new ArrayList<>();
    said.forEach(
        (run, story) -> {
          if (!story.equals(stories.of(run))) {
            wrong.add("run " + run + " is told in another way than its agent said it");
          }
        });
    return wrong;
  }

  private BenchReport report(List<Seen> all) {
    List<String> table = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    table.add(
        line(
            "%-8s %9s %9s %9s %9s %8s %8s %9s %8s %6s %6s",
            "Kafka",
            "calm p99",
            "p99",
            "longest",
            "spooled",
            "drained",
            "joined",
            "resent",
            "refused",
            "runs",
            "wrong"));
    for (Seen seen : all) {
      table.add(
          line(
              "%-8s %6.2f ms %6.2f ms %6.0f ms %6.1f MB %6.1f s %,8d %,9d %,8d %,6d %,6d",
              seen.how(),
              seen.calmUs().getValueAtPercentile(99) / 1e3,
              seen.callsUs().getValueAtPercentile(99) / 1e3,
              seen.callsUs().getMaxValue() / 1e3,
              seen.mostBytes() / 1e6,
              seen.drainS(),
              seen.metrics().joined(),
              seen.metrics().resent(),
              seen.refused(),
              seen.runs(),
              seen.wrong().size()));
      targets.add(
          new Target(
              "Kafka " + seen.how() + ", longest call of an agent",
              seen.callsUs().getMaxValue() / 1e6,
              APPEND_BOUND_S,
              " s"));
      broken.addAll(seen.wrong());
    }
    return new BenchReport(
        line(
            "%d agents, %d pieces of text/s each, Kafka away for %d s",
            agents, piecesPerSecond, outage.toSeconds()),
        table,
        targets,
        broken);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Agents at work, each on a thread of its own. */
  private record Crew(List<TalkingAgent> agents, List<Thread> threads) {
    static Crew atWork(
        OutageBench bench,
        Runwire runwire,
        String name,
        ConcurrentHistogram callsUs,
        LongAdder refused) {
      List<TalkingAgent> agents = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < bench.agents(); i++) {
        Duration pause = Duration.ofSeconds(1).dividedBy(bench.piecesPerSecond());
        TalkingAgent agent = new TalkingAgent(runwire, name + "-" + i, pause, callsUs, refused);
        Thread thread = new Thread(agent, name + "-" + i);
        agents.add(agent);
        threads.add(thread);
        thread.start();
      }
      return new Crew(agents, threads);
    }

    Map<String, String> finish() throws InterruptedException {
      agents.forEach(TalkingAgent::stop);
      Map<String, String> said = new HashMap<>();
      for (int i = 0; i < agents.size(); i++) {
        threads.get(i).join();
        said.putAll(agents.get(i).stories());
      }
      return said;
    }
  }
}
