package io.runwire.deploy.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.event.EventHeaders;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Agents die in mid-run; whoever watches is told, once. */
class LostAgentIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int SEEN_BEFORE = 40;

  private static Runwired system;
  private static EdgeProcess edge;

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
    edge = system.forkEdge();
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void theStreamEndsSoonAfterTheTimeoutOfARunWhoseAgentWasKilled() throws Exception {
    String run = "killed-" + System.nanoTime();
    try (ForkedAgent agent = fork(run, ForkedAgent.Way.LIBRARY);
        NodeScript sdk = follow(run)) {
      List<JsonNode> seen = read(sdk, agent::kill);
      assertEndedOnce(seen, run);
    }
  }

  @Test
  void anAgentThatWakesUpLaterIsRejectedVisibly() throws Exception {
    String run = "frozen-" + System.nanoTime();
    try (ForkedAgent agent = fork(run, ForkedAgent.Way.CONTRACT);
        NodeScript sdk = follow(run)) {
      List<JsonNode> seen = read(sdk, agent::freeze);
      assertEndedOnce(seen, run);

      agent.thaw();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(rejected(run)).contains("AFTER_TERMINAL"));
      assertThat(rejected(run)).containsOnly("AFTER_TERMINAL");
    }
    try (NodeScript again = follow(run)) {
      assertEndedOnce(read(again, () -> {}), run);
    }
  }

  private static ForkedAgent fork(String run, ForkedAgent.Way way) throws Exception {
    return ForkedAgent.start(system.bootstrapServers(), "lost." + run, run, TIMEOUT, way);
  }

  private static NodeScript follow(String run) throws Exception {
    return NodeScript.start(
        "follow.js",
        Map.of(
            "EDGES",
            edge.socket().toString(),
            "TOKEN",
            system.token(),
            "THREAD",
            "lost." + run,
            "RUN",
            run,
            "DEADLINE_MS",
            "60000"));
  }

  /** Everything up to the end of the run; something happens on the way. */
  private static List<JsonNode> read(NodeScript sdk, Happening happens) throws Exception {
    List<JsonNode> seen = new ArrayList<>();
    for (JsonNode item = sdk.next(); item != null; item = sdk.next()) {
      seen.add(item);
      if (seen.size() == SEEN_BEFORE) {
        happens.run();
      }
    }
    assertThat(sdk.exitCode()).isZero();
    return seen;
  }

  private static void assertEndedOnce(List<JsonNode> seen, String run) {
    assertThat(seen).hasSizeGreaterThan(SEEN_BEFORE);
    JsonNode end = seen.get(seen.size() - 1);
    JsonNode last = seen.get(seen.size() - 2);
    assertThat(end.path("event").path("type").asText()).isEqualTo("RUN_ERROR");
    assertThat(end.path("event").path("code").asText()).isEqualTo("AGENT_LOST");
    assertThat(end.path("final").asBoolean()).isTrue();
    assertThat(seen.stream().filter(item -> item.path("final").asBoolean())).containsExactly(end);
    assertThat(seen.stream().map(item -> item.path("seq").asLong()))
        .isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
    long afterMs = end.path("ts").asLong() - last.path("ts").asLong();
    assertThat(afterMs).isGreaterThanOrEqualTo(TIMEOUT.toMillis());
    System.out.printf(
        "%s: the end came %d ms after the last event, %d ms after the run's timeout%n",
        run, afterMs, afterMs - TIMEOUT.toMillis());
  }

  /** The reasons for which records of the run were rejected. */
  private static List<String> rejected(String run) {
    List<TopicPartition> partitions =
        LongStream.range(0, Topic.REJECTED_EVENTS.partitions(Runwired.PARTITIONS))
            .mapToObj(p -> new TopicPartition(Topic.REJECTED_EVENTS.topicName(), (int) p))
            .toList();
    List<String> reasons = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", system.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (text(record, EventHeaders.RUN).equals(run)) {
            reasons.add(text(record, EventHeaders.REASON));
          }
        }
      }
    }
    return reasons;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
    return new String(record.headers().lastHeader(header).value(), UTF_8);
  }

  private interface Happening {
    void run() throws Exception;
  }
}
