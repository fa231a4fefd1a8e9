package io.runwire.producer.kafka;

import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Tells the send errors that no repetition cures from those that the next round may cure. */
final class SendFailure {
  private static final List<Class<? extends Throwable>> FATAL =
      List.of(
          AuthenticationException.class,
          AuthorizationException.class,
          InvalidRecordException.class,
          InvalidTopicException.class,
          ProducerFencedException.class,
          RecordBatchTooLargeException.class,
          RecordTooLargeException.class,
          SerializationException.class,
          UnsupportedVersionException.class,
          IllegalStateException.class); // the producer has been closed

  private SendFailure() {}

  /**
   * Whether the error or a cause of it is fatal: a producer that has itself failed says so at every
   * send by a plain KafkaException, and why by its cause. What is not known to be fatal is tried
   * again: the lease bounds the trying.
   */
  static boolean isFatal(Throwable error) {
    Throwable cause = error.getCause();
    return FATAL.stream().anyMatch(type -> type.isInstance(error))
        || (cause != null && isFatal(cause));
  }
}
