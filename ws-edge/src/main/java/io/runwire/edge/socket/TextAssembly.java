package io.runwire.edge.socket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Puts the fragments of a text message together, within a bound. Belongs to the reading thread. */
final class TextAssembly {
  /** The message is over the bound. */
  static final class TooBigException extends Exception {}

  private final int maxBytes;
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream(0);

  TextAssembly(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a fragment; the message when it was the last. */
  Optional<String> add(ByteBuffer payload, boolean last)
      throws TooBigException, CharacterCodingException {
    if (fragments.size() + payload.remaining() > maxBytes) {
      throw new TooBigException();
    }
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    fragments.writeBytes(bytes);
    if (!last) {
      return Optional.empty();
    }
    byte[] message = fragments.toByteArray();
    fragments.reset();
    return Optional.of(
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString());
  }
}
