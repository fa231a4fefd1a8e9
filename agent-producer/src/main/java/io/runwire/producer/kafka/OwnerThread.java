package io.runwire.producer.kafka;

import java.time.Duration;

/** The one thread on which events are handed to Kafka, so that no send can overtake another. */
interface OwnerThread {
  /** Runs the task after those handed over before; does nothing once the log is closed. */
  void execute(Runnable task);

  /** Runs the task once the delay has passed; does nothing once the log is closed. */
  void schedule(Runnable task, Duration delay);
}
