package io.runwire.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventValue;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One record in a hundred is broken: all of these, and only these, are rejected, each with its
 * reason, and what stands beside them arrives untouched.
 */
class PoisonIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String AGENT_EVENTS = Topic.AGENT_EVENTS.topicName();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path state;

  @SuppressWarnings("NullAway.Init")
  private static TestCluster cluster;

  @SuppressWarnings("NullAway.Init")
  private static RunwireProcessor processor;

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster();
    TopicSetup.ensure(cluster.admin, TestCluster.PARTITIONS, (short) 1);
    processor =
        RunwireProcessor.start(
            cluster.processor("poison", state),
            (why, cause) -> {
              throw new IllegalStateException(why, cause);
            });
    assertThat(processor.awaitRunning(SOON)).isTrue();
  }

  @AfterAll
  static void stop() {
    processor.close();
    cluster.close();
  }

  @Test
  void exactlyTheBrokenRecordsAreRejectedAndTheirNeighboursArriveUntouched() throws Exception {
    long seed = System.nanoTime();
    PoisonedTraffic traffic = new PoisonedTraffic(TestCluster.PARTITIONS, new Random(seed));
    System.out.printf(
        "seed %d: %d records, %d of them broken%n",
        seed, traffic.records().size(), traffic.poison().size());
    cluster.send(traffic.records());

    int healthy = traffic.healthy().values().stream().mapToInt(List::size).sum();
    await()
        .atMost(SOON)
        .until(
            () ->
                values("poisoned.").size() == traffic.healthy().size()
                    && values("poisoned.").values().stream().mapToInt(List::size).sum() == healthy);
    Map<String, List<byte[]>> arrived = values("poisoned.");
    traffic
        .healthy()
        .forEach(
            (run, values) ->
                assertThat(arrived.getOrDefault(run, List.of()))
                    .as(run)
                    .containsExactlyElementsOf(values));

    await().atMost(SOON).until(() -> rejected().size() >= traffic.poison().size());
    Map<String, String> expected = new TreeMap<>();
    traffic.poison().forEach((kind, reason) -> expected.put(kind, reason.name()));
    assertThat(rejected()).isEqualTo(expected);
  }

  @Test
  void whatIsOddButRightArrives() throws Exception {
    AgentEvent start = AgentEvent.started("odd.0", "odd", 1);
    byte[] large = large();
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    sent.add(stamped(start, 0));
    sent.add(stamped(AgentEvent.content("odd.0", "odd", 1, 2), year3000()));
    AgentEvent third = AgentEvent.content("odd.0", "odd", 1, 3);
    sent.add(new ProducerRecord<>(AGENT_EVENTS, null, third.key(), large, third.headers()));
    sent.add(AgentEvent.content("odd.0", "odd", 1, 5).to(AGENT_EVENTS)); // a gap …
    sent.add(AgentEvent.content("odd.0", "odd", 1, 4).to(AGENT_EVENTS)); // … that is filled
    sent.add(AgentEvent.content("odd.0", "odd", 1, 5).to(AGENT_EVENTS));
    sent.add(AgentEvent.finished("odd.0", "odd", 1, 6).to(AGENT_EVENTS));
    int elsewhere = 1 - ThreadPartitioner.partition("odd.moved", TestCluster.PARTITIONS);
    for (AgentEvent event :
        List.of(
            AgentEvent.started("odd.moved", "odd-moved", 1),
            AgentEvent.finished("odd.moved", "odd-moved", 1, 2))) {
      sent.add(
          new ProducerRecord<>(
              AGENT_EVENTS, elsewhere, event.key(), event.value(), event.headers()));
    }
    cluster.send(sent);

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(values("odd.").getOrDefault("odd", List.of())).hasSize(6);
              assertThat(values("odd.").getOrDefault("odd-moved", List.of())).hasSize(2);
            });
    assertThat(values("odd.").getOrDefault("odd", List.of()).get(2)).isEqualTo(large);
  }

  @Test
  void aStampBeforeTheEpochDoesNotLeaveTheClient() {
    AgentEvent event = AgentEvent.started("odd.1", "never", 1);
    assertThatThrownBy(() -> stamped(event, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  /** What readers hand on of the threads with that prefix, by run. */
  private static Map<String, List<byte[]>> values(String prefix) {
    Map<String, Fold> folds = new HashMap<>();
    Map<String, List<byte[]>> values = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.read(Topic.THREAD_EVENTS)) {
      Envelope event =
          ((Read) EnvelopeReader.read(record.key(), new RecordHeaders(record.headers())))
              .envelope();
      if (event.thread().startsWith(prefix)
          && folds
                  .computeIfAbsent(
                      event.thread(), t -> new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR))
                  .apply(event)
              == Verdict.PASS) {
        values.computeIfAbsent(event.run(), r -> new ArrayList<>()).add(record.value());
      }
    }
    return values;
  }

  /** Kind of broken record → reason; what is not marked as broken goes by its place. */
  private static Map<String, String> rejected() {
    Map<String, String> rejected = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.read(Topic.REJECTED_EVENTS)) {
      String kind =
          record.headers().lastHeader(PoisonedTraffic.KIND) == null
              ? "healthy, of " + text(record, EventHeaders.SRC)
              : text(record, PoisonedTraffic.KIND);
      rejected.put(kind, text(record, EventHeaders.REASON));
    }
    return rejected;
  }

  private static ProducerRecord<byte[], byte[]> stamped(AgentEvent event, long stamp) {
    return new ProducerRecord<>(
        AGENT_EVENTS, null, stamp, event.key(), event.value(), event.headers());
  }

  private static long year3000() {
    return Instant.parse("3000-01-01T00:00:00Z").toEpochMilli();
  }

  /** A value of exactly the largest size. */
  private static byte[] large() {
    String head = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"";
    return (head + "x".repeat(EventValue.MAX_BYTES - head.length() - 2) + "\"}").getBytes(UTF_8);
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
    return new String(requireNonNull(record.headers().lastHeader(header), header).value(), UTF_8);
  }
}
