package io.runwire.loadtest.fault;

import io.runwire.event.EventHeaders;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Reads agent-events as it grows and appends some of it once more, as it was or damaged. Its
 * records follow the originals on the same partition. Runs on a thread of its own until it is
 * undone.
 */
final class Echo implements Fault.Damage {
  /** A header that tells these records from the agents' own. */
  private static final String MARK = "echo";

  private static final Duration POLL = Duration.ofMillis(200);

  /** Of ten batches of records, so many are repeated. */
  private static final int REPEATED_IN_TEN = 5;

  /** One record in so many is followed by a damaged copy. */
  private static final int POISON_ONE_IN = 20;

  private final RunwireSystem system;
  private final UnaryOperator<List<ConsumerRecord<byte[], byte[]>>> choice;
  private final UnaryOperator<ProducerRecord<byte[], byte[]>> change;
  private final Thread thread = new Thread(this::run, "echo");
  private volatile boolean done;

  private Echo(
      RunwireSystem system,
      UnaryOperator<List<ConsumerRecord<byte[], byte[]>>> choice,
      UnaryOperator<ProducerRecord<byte[], byte[]>> change) {
    this.system = system;
    this.choice = choice;
    this.change = change;
    thread.setDaemon(true);
    thread.start();
  }

  /** Whole stretches once more, in order: what a producer does that got no answer. */
  static Echo repeats(RunwireSystem system, Random random) {
    Random own = new Random(random.nextLong());
    return new Echo(
        system,
        records -> own.nextInt(10) < REPEATED_IN_TEN ? records : List.of(),
        UnaryOperator.identity());
  }

  /** Single records, each damaged in a way of its own. */
  static Echo poison(RunwireSystem system, Random random) {
    Random own = new Random(random.nextLong());
    return new Echo(
        system,
        records -> records.stream().filter(one -> own.nextInt(POISON_ONE_IN) == 0).toList(),
        record -> damaged(record, own));
  }

  @Override
  public void undo() throws InterruptedException {
    done = true;
    thread.join();
  }

  private void run() {
    Map<String, Object> brokers = Map.of("bootstrap.servers", system.kafka().bootstrapServers());
    List<TopicPartition> partitions =
        IntStream.range(0, system.layout().partitions())
            .mapToObj(p -> new TopicPartition(Topic.AGENT_EVENTS.topicName(), p))
            .toList();
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(brokers, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(brokers, new ByteArraySerializer(), new ByteArraySerializer())) {
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      while (!done) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(POLL).forEach(records::add);
        choice.apply(originals(records)).forEach(one -> producer.send(change.apply(copy(one))));
        producer.flush();
      }
    }
  }

  /** Without what came from here: an echo of echoes would never end. */
  private static List<ConsumerRecord<byte[], byte[]>> originals(
      List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .filter(record -> record.headers().lastHeader(MARK) == null && record.value() != null)
        .toList();
  }

  private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers = new RecordHeaders(record.headers().toArray());
    headers.add(MARK, new byte[0]);
    return new ProducerRecord<>(
        record.topic(), record.partition(), record.key(), record.value(), headers);
  }

  private static ProducerRecord<byte[], byte[]> damaged(
      ProducerRecord<byte[], byte[]> record, Random random) {
    byte[] value = record.value();
    RecordHeaders headers = new RecordHeaders(record.headers().toArray());
    switch (random.nextInt(8)) {
      case 0 -> value = Arrays.copyOf(value, value.length / 2);
      case 1 -> value = bytes("not JSON at all");
      case 2 -> value = noise(random);
      case 3 -> value = new byte[0];
      case 4 -> headers.remove(EventHeaders.SEQ);
      case 5 -> headers.remove(EventHeaders.SEQ).add(EventHeaders.SEQ, bytes("-1"));
      case 6 -> headers.add(EventHeaders.RUN, bytes("another"));
      default -> headers.remove(EventHeaders.TYPE).add(EventHeaders.TYPE, bytes("NO_SUCH_TYPE"));
    }
    return new ProducerRecord<>(record.topic(), record.partition(), record.key(), value, headers);
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[64];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
