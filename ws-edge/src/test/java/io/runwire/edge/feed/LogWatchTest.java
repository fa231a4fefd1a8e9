package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.topic.Topic;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Where a tail begins. */
class LogWatchTest {
  private final TopicPartition tp = new TopicPartition(Topic.THREAD_EVENTS.topicName(), 3);

  /** Else a tail that reads nothing before the log is cut and grows again reads on in silence. */
  @Test
  void anEndCarriesTheEpochUnderWhichItWasTold() {
    ListOffsetsResultInfo end = new ListOffsetsResultInfo(42, -1, Optional.of(9));
    LogWatch watch = new LogWatch(brokers(end));

    assertThat(watch.end(tp).toCompletableFuture())
        .isCompletedWithValue(new OffsetAndMetadata(42, Optional.of(9), ""));
  }

  /** Brokers that answer the question for ends, and no other. */
  private Admin brokers(ListOffsetsResultInfo end) {
    ListOffsetsResult answer = new ListOffsetsResult(Map.of(tp, KafkaFuture.completedFuture(end)));
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (admin, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("listOffsets");
              return answer;
            });
  }
}
