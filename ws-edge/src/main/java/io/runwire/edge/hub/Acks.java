package io.runwire.edge.hub;

import io.runwire.edge.hub.RetryTimer.Due;
import java.util.OptionalInt;

/**
 * What a reader acknowledges of what it was sent, and what of it is sent again. The answers here
 * are those for a reader that does not acknowledge: it may be sent everything, and nothing twice.
 * Belongs to its connection's delivery loop.
 */
interface Acks {
  /** Of all readers that do not acknowledge. */
  Acks NONE = new Acks() {};

  /** Starts afresh: nothing that was under way will be sent again. */
  default void reset() {}

  /** The log begins here now: what was under way and stood before that cannot be sent again. */
  default void expired(long start) {}

  /** Whether one more event may be sent now. */
  default boolean admits(LogEntry entry) {
    return true;
  }

  /** An event was handed to the socket for the first time; {@code before} is read up to it. */
  default void sent(LogEntry entry, ReadPosition before) {}

  /** Whether a record was looked at before reading went back. */
  default boolean isBelowHead(long offset) {
    return false;
  }

  /** Which repetition this record's event is now; empty where it is not to be sent again. */
  default OptionalInt again(long offset) {
    return OptionalInt.empty();
  }

  /** An event was written; the reader can acknowledge from now on. */
  default void written(long offset, long nowMs) {}

  /** The reader has everything before {@code position}; nothing happens where that is no news. */
  default void acknowledge(long position, long nowMs) {}

  /** What is due for want of progress. */
  default Due check(long nowMs) {
    return Due.NOTHING;
  }

  /** How many retries there were without progress. */
  default int retries() {
    return 0;
  }

  /**
   * Reading goes back to the first event that is unacknowledged; {@code from} is where it had come
   * to.
   */
  default ReadPosition turnBack(ReadPosition from) {
    return from;
  }

  /** Where reading has come to, whether or not it was turned back since. */
  default ReadPosition reach(ReadPosition position) {
    return position;
  }

  /**
   * Up to where the reader surely has what was read.
   *
   * @param position where it reads, if it does not acknowledge
   */
  default ReadPosition acknowledged(ReadPosition position) {
    return position;
  }

  /** Hands what was written and not acknowledged to the witness, since there will be no more. */
  default void end() {}
}
