package io.runwire.producer.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A partition as an idempotent producer meets it on a bad day. Records land in the order of their
 * sends, except those that are lost (their batch expired), which may still land at any later time.
 * The producer hears of each in any order, and sometimes of an error although it landed.
 */
final class FaultyBroker extends MockProducer<byte[], byte[]> {
  private final Deque<Sent> onTheWay = new ArrayDeque<>();
  private final List<Sent> unanswered = new ArrayList<>();
  private final List<Sent> ghosts = new ArrayList<>();
  private final List<ProducerRecord<byte[], byte[]>> log = new ArrayList<>();

  FaultyBroker() {
    super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, Callback callback) {
    onTheWay.add(new Sent(record, callback, false));
    return new CompletableFuture<>();
  }

  /** What stands in the partition, by offset. */
  List<ProducerRecord<byte[], byte[]>> log() {
    return log;
  }

  boolean idle() {
    return onTheWay.isEmpty() && unanswered.isEmpty();
  }

  /** The next record lands. */
  void land() {
    Sent next = onTheWay.poll();
    if (next != null) {
      log.add(next.record);
      unanswered.add(next);
    }
  }

  /** The next record is given up by the producer, while later ones go on. */
  void expire() {
    Sent next = onTheWay.poll();
    if (next != null) {
      ghosts.add(next);
      unanswered.add(new Sent(next.record, next.callback, true));
    }
  }

  /** A record that was given up lands after all. */
  void landGhost(int pick) {
    if (!ghosts.isEmpty()) {
      log.add(ghosts.remove(pick % ghosts.size()).record);
    }
  }

  /** The producer hears of a record: that it landed, or that it was given up. */
  void answer(int pick) {
    if (!unanswered.isEmpty()) {
      Sent sent = unanswered.remove(pick % unanswered.size());
      sent.answer(sent.expired ? new TimeoutException("expired") : null);
    }
  }

  /** The producer hears of a failure, whether the record landed or not. */
  void loseAnswer(int pick) {
    if (!unanswered.isEmpty()) {
      unanswered.remove(pick % unanswered.size()).answer(new NetworkException("cut off"));
    }
  }

  private record Sent(ProducerRecord<byte[], byte[]> record, Callback callback, boolean expired) {
    void answer(@Nullable Exception error) {
      RecordMetadata metadata =
          new RecordMetadata(new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0);
      callback.onCompletion(metadata, error);
    }
  }
}
