package io.runwire.processor;

import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a stream thread dies. Kafka being away for long is the one cause with which
 * another thread fares better; with anything else the process halts, and whoever restarts it hears
 * why.
 */
final class UncaughtErrors implements StreamsUncaughtExceptionHandler {
  private final Halt halt;

  UncaughtErrors(Halt halt) {
    this.halt = halt;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable thrown) {
    if (causedBy(TimeoutException.class, thrown)) {
      // Safe: it goes on from the last commit, and what is read twice is written twice at worst.
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    halt.halt(
        causedBy(InvalidOffsetException.class, thrown)
            ? "what was not yet read has expired, was truncated, or belongs to another topic"
            : "a stream thread died: " + root(thrown).getMessage(),
        thrown);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static boolean causedBy(Class<? extends Throwable> type, @Nullable Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      root = t;
    }
    return root;
  }
}
