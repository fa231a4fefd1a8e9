package io.runwire.producer.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One attempt's way into the log. Its writer hands over events in seq order, one call at a time;
 * the waits may be called from any thread.
 */
public interface RunLane {
  /** What became of events that were handed over. */
  enum Admission {
    /** All of them will be written, in order. */
    TAKEN,
    /** None of them was taken: there was no room in time, or the wait for it was interrupted. */
    NO_ROOM,
    /** None of them was taken: the lane has failed, see {@link #failure}. */
    FAILED
  }

  /** What is known of the events taken so far. */
  enum Settlement {
    /** They are in the log, in order. */
    SETTLED,
    /** Not all of them yet; they are still being sent. */
    UNSETTLED,
    /** They never will be, see {@link #failure}. */
    FAILED
  }

  /** Takes all events or none, waiting for room at most {@code patience}. */
  Admission offer(List<AgentEvent> events, Duration patience);

  /**
   * Takes all events at once, whether there is room or not: for the few small ones that end what is
   * open.
   *
   * @return {@code TAKEN} or {@code FAILED}
   */
  Admission append(List<AgentEvent> events);

  /** Whether room is so short that what belongs together should be joined. */
  default boolean isTight() {
    return false;
  }

  /**
   * Takes the event in the place of the last one taken, which has the same seq.
   *
   * @return false, with nothing changed, if that one is on its way already or there is no room
   */
  default boolean replaceLast(AgentEvent event) {
    return false;
  }

  /** Waits until all events taken are settled; an interrupt ends the wait and stays set. */
  Settlement awaitSettled(Duration bound);

  /** Why the lane has failed, for good; empty while it has not. */
  Optional<Throwable> failure();

  /** Tells that nothing follows. What was taken is still being sent. */
  void close();
}
