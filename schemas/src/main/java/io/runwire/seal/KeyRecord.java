package io.runwire.seal;

import io.runwire.event.Ids;
import io.runwire.event.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record of thread-keys, read. */
public sealed interface KeyRecord {
  /** A new key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Made(KeyName name, byte[] wrapped) implements KeyRecord {}

  /** A key is no more. */
  record Destroyed(KeyName name) implements KeyRecord {}

  /** What stood in agent-events before a position is erased, routed or not. */
  record Erased(String thread, SourcePosition before) implements KeyRecord {}

  /** Says nothing: written so that the records before it are compacted. */
  record Beat() implements KeyRecord {}

  /** The key of a {@link Beat}'s record. */
  static byte[] beatKey() {
    return utf8(String.valueOf(KeyName.SEPARATOR));
  }

  /** The key of a thread's {@link Erased}. */
  static byte[] erasedKey(String thread) {
    return utf8(thread + KeyName.SEPARATOR);
  }

  /** The value of an {@link Erased}. */
  static byte[] erasedValue(SourcePosition before) {
    return utf8(before.toString());
  }

  /** What a record says; empty where it is none of these. */
  static Optional<KeyRecord> parse(byte @Nullable [] key, byte @Nullable [] value) {
    if (key == null) {
      return Optional.empty();
    }
    String text = new String(key, StandardCharsets.UTF_8);
    if (text.equals(String.valueOf(KeyName.SEPARATOR))) {
      return Optional.of(new Beat());
    }
    String thread = text.substring(0, text.length() - 1);
    if (text.endsWith(String.valueOf(KeyName.SEPARATOR)) && Ids.valid(thread) && value != null) {
      return SourcePosition.parse(new String(value, StandardCharsets.UTF_8))
          .map(before -> new Erased(thread, before));
    }
    return KeyName.parse(text)
        .map(name -> value == null ? new Destroyed(name) : new Made(name, value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
