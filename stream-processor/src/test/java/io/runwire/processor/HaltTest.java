package io.runwire.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class HaltTest {
  private static final TopicPartition PARTITION = new TopicPartition("thread-events", 3);

  private final List<String> halts = new ArrayList<>();
  private final Halt halt = (why, cause) -> halts.add(why);

  @Test
  void haltsWhenTheProducerGivesUpARecord() {
    HaltOnLostSend interceptor = interceptor();
    for (Exception error :
        List.of(
            new RecordTooLargeException(),
            new TopicAuthorizationException("thread-events"),
            new OutOfOrderSequenceException("5"),
            new UnknownServerException(),
            new TimeoutException("no buffer within 60 s"))) {
      interceptor.onAcknowledgement(metadata(), error);
    }
    assertThat(halts).hasSize(5).containsOnly("a record for thread-events-3 was lost");
  }

  @Test
  void goesOnWhenARecordWasAcknowledged() {
    interceptor().onAcknowledgement(metadata(), null);
    assertThat(halts).isEmpty();
  }

  @Test
  void replacesAThreadThatDiedOfKafkaBeingAway() {
    assertThat(
            new UncaughtErrors(halt)
                .handle(new StreamsException("task", new TimeoutException("after 300 s"))))
        .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(halts).isEmpty();
  }

  @Test
  void haltsWhenAThreadDiedOfAnythingElse() {
    UncaughtErrors errors = new UncaughtErrors(halt);
    errors.handle(new IllegalStateException("a bug"));
    errors.handle(new StreamsException("poll", new NoOffsetForPartitionException(PARTITION)));
    assertThat(halts)
        .containsExactly(
            "a stream thread died: a bug",
            "what was not yet read has expired, was truncated, or belongs to another topic");
  }

  private HaltOnLostSend interceptor() {
    HaltOnLostSend interceptor = new HaltOnLostSend();
    interceptor.configure(Map.of(HaltOnLostSend.HALT, halt));
    return interceptor;
  }

  private static RecordMetadata metadata() {
    return new RecordMetadata(PARTITION, -1, -1, -1, -1, -1);
  }
}
