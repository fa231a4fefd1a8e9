package io.runwire.processor.topics;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for what an Admin was asked; its own deadline is the Admin's {@code api.timeout}. */
final class Answer {
  private Answer() {}

  /**
   * The answer.
   *
   * @throws KafkaException what the broker, or the time-out, said instead
   */
  static <T> T of(KafkaFuture<T> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e); // marks the thread again
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known
          ? known
          : new KafkaException("asking the broker", e.getCause());
    }
  }
}
