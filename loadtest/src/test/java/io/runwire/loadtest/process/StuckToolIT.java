package io.runwire.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.producer.Runwire;
import io.runwire.producer.runner.AgentContext;
import io.runwire.producer.runner.AgentRunner;
import io.runwire.producer.runner.AgentSettings;
import io.runwire.producer.runner.Outcome;
import io.runwire.producer.runner.RunHandle;
import io.runwire.producer.runner.ToolException;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/**
 * What stuck tools of one agent cost the others: prints how long their appends take, and how long
 * their events take to a consumer, without and with them.
 */
class StuckToolIT {
  private static final int STUCK = 32;
  private static final int AGENTS = 8;
  private static final int EVENTS = 500; // of each agent
  private static final long BETWEEN_NS = 4_000_000; // so 2,000 events/s in all
  private static final String MARK = "\"name\":\"tick\",\"value\":";

  private static final Duration PATIENCE = Duration.ofMinutes(10); // however busy the machine is

  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void stuckToolsDelayNoOtherAgentsEvents() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerConfig.temporary())) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
        admin.createTopics(List.of(Topic.AGENT_EVENTS.create(1, (short) 1))).all().get();
      }
      try (Runwire runwire = Runwire.connect(kafka.bootstrapServers());
          AgentRunner runner =
              AgentRunner.over(runwire, AgentSettings.DEFAULT.withRunLimit(PATIENCE));
          KafkaConsumer<String, String> consumer = consumer(kafka.bootstrapServers())) {
        runner.withAgent(
            "stuck",
            AgentSettings.DEFAULT
                .withRunLimit(PATIENCE)
                .withToolLimit(Duration.ofSeconds(1))
                .withAtATime(STUCK, STUCK));
        measure(runner, consumer, "warm-up");
        measure(runner, consumer, "without stuck tools");
        List<RunHandle> stuck = new ArrayList<>();
        for (int i = 0; i < STUCK; i++) {
          stuck.add(runner.run("stuck", "thread-stuck", "q", this::callStuckTool));
        }
        measure(runner, consumer, "with " + STUCK + " of them");

        assertThat(stuck).allMatch(run -> run.outcome().join() instanceof Outcome.Finished);
        assertThat(runner.metrics().toolTimeouts()).isEqualTo(STUCK);
        assertThat(runner.metrics().abandoned()).isEqualTo(STUCK);
        release.countDown();
      }
    }
  }

  private void callStuckTool(AgentContext context) throws Exception {
    try {
      context.tool("search", Map.of(), this::blockIgnoringInterrupts);
    } catch (ToolException e) {
      context.run().message("Going on without.");
    }
  }

  private String blockIgnoringInterrupts() {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // as code that cannot be stopped does
      }
    }
    return "at last";
  }

  private static void measure(
      AgentRunner runner, KafkaConsumer<String, String> consumer, String what) {
    long[] appends = new long[AGENTS * EVENTS];
    long[] arrivals = new long[AGENTS * EVENTS];
    List<RunHandle> runs = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      int first = i * EVENTS;
      runs.add(runner.run("other", "thread-" + i, "q", context -> tick(context, appends, first)));
    }
    int arrived = 0;
    while (arrived < arrivals.length) {
      for (var record : consumer.poll(Duration.ofMillis(100))) {
        long now = System.nanoTime();
        int mark = record.value().indexOf(MARK);
        if (mark >= 0) {
          String sent = record.value().substring(mark + MARK.length()).replace("}", "");
          arrivals[arrived++] = now - Long.parseLong(sent);
        }
      }
    }
    assertThat(runs).allMatch(run -> run.outcome().join() instanceof Outcome.Finished);
    System.out.printf(
        "%-20s append p50 %4.0f us, p99 %5.0f us; append to consumer p50 %5.2f ms, p99 %6.2f ms%n",
        what,
        percentile(appends, 0.5) / 1e3,
        percentile(appends, 0.99) / 1e3,
        percentile(arrivals, 0.5) / 1e6,
        percentile(arrivals, 0.99) / 1e6);
  }

  /** In an open loop: what is late is not waited for. */
  private static void tick(AgentContext context, long[] appends, int first) {
    long startNs = System.nanoTime();
    for (int i = 0; i < EVENTS; i++) {
      long dueNs = startNs + i * BETWEEN_NS;
      while (System.nanoTime() < dueNs) {
        LockSupport.parkNanos(dueNs - System.nanoTime());
      }
      context.run().custom("tick", dueNs);
      appends[first + i] = System.nanoTime() - dueNs;
    }
  }

  private static long percentile(long[] values, double share) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (share * (sorted.length - 1))];
  }

  private static KafkaConsumer<String, String> consumer(String bootstrap) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "fetch.max.wait.ms", "20"),
            new StringDeserializer(),
            new StringDeserializer());
    List<TopicPartition> all = List.of(new TopicPartition(Topic.AGENT_EVENTS.topicName(), 0));
    consumer.assign(all);
    consumer.seekToBeginning(all);
    return consumer;
  }
}
