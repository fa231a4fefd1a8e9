package io.runwire.processor.topology;

import io.runwire.event.EventValue;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record takes on the wire. A record that fits here fits into every topic with the router's
 * own headers added, so that no append can fail for its size: that would be a hole in the output.
 */
final class RecordSize {
  /** Most bytes of key and headers together, half of what topics leave beside the value. */
  static final int MAX_ENVELOPE = 32 << 10;

  /** Most bytes of key, headers and value. */
  static final int MAX_RECORD = EventValue.MAX_BYTES + MAX_ENVELOPE;

  private static final int LENGTHS = 10; // a name's and a value's length, as varints at worst

  private RecordSize() {}

  /** Bytes of key and headers. */
  static long envelope(byte @Nullable [] key, Headers headers) {
    long size = length(key);
    for (Header header : headers) {
      // A char takes at most three bytes.
      size += LENGTHS + 3L * header.key().length() + length(header.value());
    }
    return size;
  }

  static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
