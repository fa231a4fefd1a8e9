package io.runwire.loadtest.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The runs that stand in agent-events, as a reader is told them: through the fold. */
final class Stories {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Story> byRun = new HashMap<>();
  private final Map<String, Fold> folds = new HashMap<>();
  private long records;

  private Stories() {}

  /** Reads the whole topic. */
  static Stories read(String bootstrapServers, int partitions) {
    Stories stories = new Stories();
    List<TopicPartition> all =
        IntStream.range(0, partitions)
            .mapToObj(p -> new TopicPartition(Topic.AGENT_EVENTS.topicName(), p))
            .toList();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(POLL).forEach(stories::add);
      }
    }
    return stories;
  }

  /** What the log says of a run; empty where it does not know it. */
  String of(String run) {
    Story story = byRun.get(run);
    return story == null ? "" : story.toString();
  }

  /** With those that the fold skips. */
  long records() {
    return records;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    records++;
    if (!(EnvelopeReader.read(record.key(), record.headers()) instanceof Envelope.Read read)) {
      throw new IllegalStateException(
          "not an event: " + record.partition() + "-" + record.offset());
    }
    Envelope envelope = read.envelope();
    Fold fold =
        folds.computeIfAbsent(
            envelope.thread(), t -> new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR));
    if (fold.apply(envelope) != Verdict.PASS) {
      return;
    }
    Story story = byRun.computeIfAbsent(envelope.run(), run -> new Story());
    switch (envelope.type()) {
      case TEXT_MESSAGE_CONTENT, TOOL_CALL_ARGS -> story.text(delta(record.value()));
      default -> story.event(envelope.type().name());
    }
  }

  private static String delta(byte[] value) {
    try {
      return JSON.readTree(value).path("delta").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
