package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which log this is, as far as is known. Records that were read after their consumer heard of
 * topics are shown to nobody before the brokers have confirmed that it still is. Thread-safe; a
 * question holds the monitor, up to its deadline.
 */
final class Incarnation {
  private static final Logger log = LoggerFactory.getLogger(Incarnation.class);

  /** Asks the brokers, within a deadline. */
  interface Question {
    LogIdentity ask() throws ExecutionException, InterruptedException, TimeoutException;
  }

  private final Question question;
  private volatile LogIdentity now;
  private long askedAtNs;
  private volatile boolean away;

  /** Asks for the first time. */
  Incarnation(Question question) throws ExecutionException, InterruptedException, TimeoutException {
    this.question = question;
    this.askedAtNs = System.nanoTime();
    this.now = question.ask();
  }

  /** As far as is known. */
  LogIdentity now() {
    return now;
  }

  /** Whether the brokers could not be asked when they were last. */
  boolean away() {
    return away;
  }

  /**
   * As the brokers had it at a moment or later.
   *
   * @throws KafkaException if they cannot be asked now
   */
  synchronized LogIdentity confirmed(long sinceNs) {
    if (askedAtNs - sinceNs < 0) {
      look();
    }
    return now;
  }

  /**
   * Asks the brokers; other topics than before are other logs.
   *
   * @throws KafkaException if they cannot be asked now
   */
  synchronized void look() {
    long beganNs = System.nanoTime();
    try {
      LogIdentity found = question.ask();
      away = false;
      askedAtNs = beganNs;
      take(found);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      if (!away) {
        away = true;
        log.warn("the topics cannot be described now: {}", e.toString());
      }
      throw new KafkaException("the topics cannot be described", e);
    }
  }

  private void take(LogIdentity found) {
    if (found.equals(now)) {
      return;
    }
    if (found.partitions() != now.partitions()) {
      log.error(
          "partitions changed from {} to {}: threads have moved, this edge must be restarted",
          now.partitions(),
          found.partitions());
      return;
    }
    log.warn("the topics were created again: every reader starts anew ({})", found);
    now = found;
  }
}
