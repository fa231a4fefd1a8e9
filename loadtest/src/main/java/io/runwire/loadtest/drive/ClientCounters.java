package io.runwire.loadtest.drive;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a fleet's clients have done so far. Safe from any thread. */
final class ClientCounters {
  private final Optional<DelayLog> delays;
  private final LongAdder connected = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder reconnects = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final AtomicLong longestSilenceMs = new AtomicLong();

  /**
   * @param delays told of what is handed on
   */
  ClientCounters(Optional<DelayLog> delays) {
    this.delays = delays;
  }

  void up(boolean again) {
    connected.increment();
    if (again) {
      reconnects.increment();
    }
  }

  void down() {
    connected.decrement();
  }

  void event(EventHead event) {
    events.increment();
    delays.ifPresent(log -> log.handedOn(event.event()));
  }

  void gap() {
    gaps.increment();
  }

  /** A client gave up for another reason than being told to. */
  void lost() {
    lost.increment();
  }

  /** A client has had no event for so long. */
  void silent(long ms) {
    longestSilenceMs.accumulateAndGet(ms, Math::max);
  }

  /**
   * As they stand now.
   *
   * @param longestSilenceMs the longest that any client was without an event since the last status
   */
  record Status(
      long connected, long events, long gaps, long reconnects, long lost, long longestSilenceMs) {}

  Status status() {
    return new Status(
        connected.sum(),
        events.sum(),
        gaps.sum(),
        reconnects.sum(),
        lost.sum(),
        longestSilenceMs.getAndSet(0));
  }
}
