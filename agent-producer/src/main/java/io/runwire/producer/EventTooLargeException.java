package io.runwire.producer;

import io.runwire.event.EventType;
import io.runwire.event.EventValue;

/** An event would be larger than the log takes. Nothing of it was written and the run goes on. */
public final class EventTooLargeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  EventTooLargeException(EventType type, long bytes) {
    super(type + ": " + bytes + " bytes (expected: <= " + EventValue.MAX_BYTES + ")");
    this.bytes = bytes;
  }

  /** Its size in bytes of UTF-8. */
  public long bytes() {
    return bytes;
  }

  /** The largest size, in bytes. */
  public long limit() {
    return EventValue.MAX_BYTES;
  }
}
