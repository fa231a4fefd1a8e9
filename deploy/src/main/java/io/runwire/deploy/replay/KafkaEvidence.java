package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.cursor.Cursor;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads edge-deliveries, up to its end as it was at the last {@link #seek}. Belongs to one thread.
 */
final class KafkaEvidence implements EvidenceLog, AutoCloseable {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String NAME = Topic.EDGE_DELIVERIES.topicName();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String bootstrap;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final int partitions;
  private Iterator<ConsumerRecord<byte[], byte[]>> fetched =
      List.<ConsumerRecord<byte[], byte[]>>of().iterator();
  private @Nullable ConsumerRecord<byte[], byte[]> ahead;
  private TopicPartition source = new TopicPartition(NAME, 0);
  private byte[] thread = {};
  private String log = "";
  private long end;

  private KafkaEvidence(String bootstrap, KafkaConsumer<byte[], byte[]> consumer, int partitions) {
    this.bootstrap = bootstrap;
    this.consumer = consumer;
    this.partitions = partitions;
  }

  /**
   * Connects.
   *
   * @throws IOException if Kafka, or the topic, cannot be reached
   */
  static KafkaEvidence open(String bootstrap) throws IOException {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // what has expired is gone
    KafkaConsumer<byte[], byte[]> consumer = null;
    try {
      consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      int partitions = consumer.partitionsFor(NAME).size();
      if (partitions == 0) {
        throw new IOException("Kafka at " + bootstrap + " has no topic " + NAME);
      }
      return new KafkaEvidence(bootstrap, consumer, partitions);
    } catch (KafkaException | IOException e) {
      if (consumer != null) {
        consumer.close();
      }
      throw e instanceof IOException known ? known : unreachable(bootstrap, e);
    }
  }

  @Override
  public void seek(Cursor at, String ofThread, long timeMs) throws IOException {
    if (at.log().partitions() != partitions) {
      throw new IOException(
          String.format(
              "%s at %s has %d partitions, and the log %d: not of the same system",
              NAME, bootstrap, partitions, at.log().partitions()));
    }
    source = new TopicPartition(NAME, at.partition());
    thread = ofThread.getBytes(StandardCharsets.UTF_8);
    log = at.log().threadEvents().toString();
    fetched = List.<ConsumerRecord<byte[], byte[]>>of().iterator();
    ahead = null;
    try {
      consumer.assign(List.of(source));
      end = consumer.endOffsets(List.of(source)).getOrDefault(source, 0L);
      OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(source, timeMs)).get(source);
      consumer.seek(source, first == null ? end : first.offset());
    } catch (KafkaException e) {
      throw unreachable(bootstrap, e);
    }
  }

  @Override
  public Optional<Report> next(long untilMs) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record = peek(); record != null; record = peek()) {
      if (record.timestamp() > untilMs) {
        return Optional.empty();
      }
      ahead = null;
      if (Arrays.equals(record.key(), thread)) {
        JsonNode report = MAPPER.readTree(record.value());
        if (report.path("log").asText().equals(log)) {
          return Optional.of(report(record.offset(), report));
        }
      }
    }
    return Optional.empty();
  }

  /** The next record, and again until it is taken; null at the end. */
  private @Nullable ConsumerRecord<byte[], byte[]> peek() throws IOException {
    try {
      long waitedFrom = System.nanoTime();
      while (ahead == null && !fetched.hasNext() && consumer.position(source) < end) {
        fetched = consumer.poll(POLL).iterator();
        if (!fetched.hasNext() && System.nanoTime() - waitedFrom > ANSWER_WITHIN.toNanos()) {
          throw new IOException(
              "Kafka at " + bootstrap + " gives no more of " + NAME + " (" + source + ")");
        }
      }
      if (ahead == null && fetched.hasNext()) {
        ahead = fetched.next();
      }
      return ahead;
    } catch (KafkaException e) {
      throw unreachable(bootstrap, e);
    }
  }

  private static Report report(long position, JsonNode report) {
    String connection = report.path("connection").asText();
    Optional<String> subject = Optional.ofNullable(report.path("subject").textValue());
    List<Delivered> events = new ArrayList<>(report.path("events").size());
    for (JsonNode event : report.path("events")) {
      OptionalLong after =
          event.has(2) ? OptionalLong.of(event.get(2).asLong()) : OptionalLong.empty();
      events.add(
          new Delivered(
              event.path(0).asLong(),
              new Delivery(connection, subject, event.path(1).asLong(), after)));
    }
    Optional<Failure> failure =
        Optional.of(report.path("failure"))
            .filter(JsonNode::isObject)
            .map(
                failed ->
                    new Failure(
                        failed.path("from").asLong(),
                        new GivenUp(
                            connection,
                            subject,
                            report.path("at").asLong(),
                            failed.path("cause").asText(),
                            failed.path("retries").asInt(),
                            failed.path("code").asInt())));
    return new Report(position, events, failure);
  }

  private static IOException unreachable(String bootstrap, Exception cause) {
    return new IOException(
        "Kafka at " + bootstrap + " (--bootstrap) gives no answer about " + NAME + ": " + cause,
        cause);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
