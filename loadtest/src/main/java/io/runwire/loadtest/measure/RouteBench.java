package io.runwire.loadtest.measure;

import io.runwire.loadtest.drive.CopyMain;
import io.runwire.loadtest.drive.Pulses;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.Ports;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import io.runwire.producer.Runwire;
import io.runwire.producer.kafka.KafkaLog;
import io.runwire.producer.kafka.KafkaLogConfig;
import io.runwire.producer.log.EventLog;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * What the router costs: how long events take from an agent through it to a reader of
 * thread-events, beside the least that two hops can take: a plain producer, a loop that copies one
 * topic to another, a reader.
 *
 * <p>The load is open: an event is due by plan, whether or not those before it have arrived, and
 * its time runs from then. Both ways take the same bytes, through the same broker, topics of the
 * same shape and clients with the same settings; they alternate in one run, and within a round the
 * one that was second is first in the next. All of it is timed by one process with one clock.
 *
 * @param rates events a second
 * @param bytes of an event
 * @param timed how long each way is timed in a round
 * @param warmUp of both ways together, at the highest rate
 * @param router settings of the router beside its own
 */
public record RouteBench(
    List<Integer> rates,
    int bytes,
    Duration timed,
    int rounds,
    Duration warmUp,
    Map<String, String> router)
    implements Bench {
  private static final double MAX_P99_RATIO = 1.3;
  private static final int PARTITIONS = 8;
  private static final int THREADS = 100;
  private static final int EVENTS_PER_RUN = 200;

  /** As many as a processor has by default. */
  private static final int COPY_THREADS = 2;

  /** Before a way is timed, so that it is in motion. */
  private static final Duration LEAD = Duration.ofSeconds(1);

  private static final Duration WARM_UP_BY_TURNS = Duration.ofSeconds(5);
  private static final Duration ARRIVED_WITHIN = Duration.ofSeconds(60);
  private static final String BARE_FROM = "bare-events";
  private static final String BARE_TO = "bare-copies";

  public RouteBench {
    if (rates.isEmpty()) {
      throw new IllegalArgumentException("rates: none (expected: 1,000 or so)");
    }
    rates.forEach(rate -> Sizes.require("rates", rate, 1, 100_000));
    Sizes.require("bytes", bytes, 1, 100_000);
    Sizes.require("seconds", timed.toSeconds(), 1, 3_600);
    Sizes.require("rounds", rounds, 1, 1_000);
    Sizes.require("warm-up-seconds", warmUp.toSeconds(), 0, 3_600);
    rates = List.copyOf(rates);
    router = Map.copyOf(router);
  }

  /**
   * One of the two.
   *
   * @param to where its events arrive
   * @param middle what stands between its topics
   */
  private record Way(String name, Runwire agents, Pulses pulses, String to, ChildProcess middle) {
    static Way of(RouteBench bench, String name, EventLog log, String to, ChildProcess middle) {
      Runwire agents = Runwire.over(log);
      List<String> threads = IntStream.range(0, THREADS).mapToObj(i -> "thread." + i).toList();
      return new Way(
          name, agents, new Pulses(agents, threads, EVENTS_PER_RUN, bench.bytes()), to, middle);
    }

    void end() {
      pulses.end();
      agents.close();
    }
  }

  /**
   * A way in one round.
   *
   * @param cpuUs what its middle used for an event
   */
  private record Lap(Latencies latencies, double cpuUs) {}

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    try (LogRig rig = LogRig.start(setting, PARTITIONS)) {
      createBareTopics(rig);
      Way bare = bare(rig);
      Way routed = routed(rig);
      try (Arrivals arrivals =
          new Arrivals(
              rig.kafka().bootstrapServers(),
              Stream.of(bare.to(), routed.to()).flatMap(RouteBench::partitionsOf).toList())) {
        Race race = new Race(rig, arrivals, bare, routed);
        race.warmUp();
        Map<Integer, Race.Result> results = new LinkedHashMap<>();
        for (int rate : rates) {
          results.put(rate, race.run(rate));
        }
        bare.end();
        routed.end();
        return report(results);
      }
    }
  }

  private static Stream<TopicPartition> partitionsOf(String topic) {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> new TopicPartition(topic, partition));
  }

  /** Of the shape of the topics that they stand beside. */
  private static void createBareTopics(LogRig rig)
      throws IOException, InterruptedException, TimeoutException {
    short replicas = rig.kafka().replicationFactor();
    try {
      rig.kafka()
          .admin()
          .createTopics(
              List.of(
                  like(Topic.AGENT_EVENTS, BARE_FROM, replicas),
                  like(Topic.THREAD_EVENTS, BARE_TO, replicas)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("the bare topics cannot be created", e);
    }
    rig.kafka().awaitReady();
  }

  private static NewTopic like(Topic topic, String name, short replicas) {
    NewTopic model = topic.create(PARTITIONS, replicas);
    return new NewTopic(name, PARTITIONS, replicas).configs(model.configs());
  }

  private Way bare(LogRig rig) {
    String kafka = rig.kafka().bootstrapServers();
    ChildProcess copy =
        rig.run(
            "copy",
            CopyMain.class,
            List.of(
                "--bootstrap=" + kafka,
                "--from=" + BARE_FROM,
                "--to=" + BARE_TO,
                "--partitions=" + PARTITIONS,
                "--threads=" + COPY_THREADS));
    return Way.of(this, "bare", new BareLog(kafka, BARE_FROM), BARE_TO, copy);
  }

  private Way routed(LogRig rig) throws IOException, InterruptedException, TimeoutException {
    String kafka = rig.kafka().bootstrapServers();
    Map<String, String> settings = new HashMap<>(router);
    settings.put("http.port", Integer.toString(Ports.next()));
    settings.put("state.dir", rig.data().resolve("router").toString());
    ChildProcess process = rig.run("processor", settings).process();
    EventLog log = KafkaLog.connect(KafkaLogConfig.of(kafka, Map.of()));
    return Way.of(this, "routed", log, Topic.THREAD_EVENTS.topicName(), process);
  }

  private BenchReport report(Map<Integer, Race.Result> results) {
    List<String> table = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    results.forEach(
        (rate, result) -> {
          if (!table.isEmpty()) {
            table.add("");
          }
          table.add(String.format(Locale.ROOT, "%,d events/s", rate));
          table.addAll(result.comparison().table());
          table.add(
              String.format(
                  Locale.ROOT,
                  "CPU for an event: copy loop %.0f µs, router %.0f µs",
                  result.bareCpuUs(),
                  result.routedCpuUs()));
          targets.add(
              new Target(
                  String.format(Locale.ROOT, "%,d/s: p99, routed / bare", rate),
                  result.comparison().p99Ratio(),
                  MAX_P99_RATIO,
                  ""));
        });
    return new BenchReport(
        String.format(
            Locale.ROOT,
            "agents → agent-events → router → thread-events → reader, beside producer → topic →"
                + " copy loop → topic → reader; %d bytes, %d partitions, one broker, open loop%s",
            bytes,
            PARTITIONS,
            router.isEmpty() ? "" : "; router with " + router),
        table,
        targets,
        List.of());
  }

  /** Both ways by turns. */
  private final class Race {
    private final LogRig rig;
    private final Arrivals arrivals;
    private final Way bare;
    private final Way routed;

    Race(LogRig rig, Arrivals arrivals, Way bare, Way routed) {
      this.rig = rig;
      this.arrivals = arrivals;
      this.bare = bare;
      this.routed = routed;
    }

    record Result(Comparison comparison, double bareCpuUs, double routedCpuUs) {}

    void warmUp() throws InterruptedException, TimeoutException {
      rig.say("warm-up: " + warmUp.toSeconds() + " s of both ways by turns");
      int highest = rates.stream().max(Integer::compare).orElseThrow();
      long turns = warmUp.dividedBy(WARM_UP_BY_TURNS);
      for (long turn = 0; turn < turns; turn++) {
        lap(turn % 2 == 0 ? bare : routed, highest, WARM_UP_BY_TURNS);
      }
    }

    Result run(int rate) throws InterruptedException, TimeoutException {
      List<Lap> bareLaps = new ArrayList<>();
      List<Lap> routedLaps = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        rig.say(String.format(Locale.ROOT, "%,d/s: round %d of %d", rate, round, rounds));
        boolean bareFirst = round % 2 == 1;
        if (bareFirst) {
          bareLaps.add(lap(bare, rate, timed));
        }
        routedLaps.add(lap(routed, rate, timed));
        if (!bareFirst) {
          bareLaps.add(lap(bare, rate, timed));
        }
      }
      return new Result(
          new Comparison(
              bare.name(),
              routed.name(),
              bareLaps.stream().map(Lap::latencies).toList(),
              routedLaps.stream().map(Lap::latencies).toList()),
          cpuUs(bareLaps),
          cpuUs(routedLaps));
    }

    private static double cpuUs(List<Lap> laps) {
      return laps.stream().mapToDouble(Lap::cpuUs).average().orElseThrow();
    }

    /** Writes by plan, and returns when all of it has arrived. */
    private Lap lap(Way way, int rate, Duration length)
        throws InterruptedException, TimeoutException {
      Plan plan = new Plan(System.nanoTime(), rate);
      long lead = plan.eventsIn(LEAD);
      long events = lead + plan.eventsIn(length);
      arrivals.time(way.to(), Arrivals.us(plan.dueNs(lead)));
      Duration before = LogRig.cpu(way.middle());
      for (long event = 0; event < events; event++) {
        awaitNs(plan.dueNs(event));
        way.pulses().write(Arrivals.us(plan.dueNs(event)));
      }
      Await.until(
          "all of " + (events - lead) + " events arrived, " + way.name(),
          ARRIVED_WITHIN,
          () -> arrivals.timed() >= events - lead);
      double cpuUs = LogRig.cpu(way.middle()).minus(before).toNanos() / 1e3 / events;
      return new Lap(arrivals.latencies(), cpuUs);
    }

    /** To the tenth of a millisecond: a sleep would round to whole ones. */
    private static void awaitNs(long dueNs) throws InterruptedException {
      for (long leftNs = dueNs - System.nanoTime();
          leftNs > 0;
          leftNs = dueNs - System.nanoTime()) {
        LockSupport.parkNanos(leftNs);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }

  /**
   * When events are due.
   *
   * @param beganNs of the first
   */
  record Plan(long beganNs, int perSecond) {
    long eventsIn(Duration length) {
      return perSecond * length.toNanos() / TimeUnit.SECONDS.toNanos(1);
    }

    long dueNs(long event) {
      return beganNs + event * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }
  }
}
