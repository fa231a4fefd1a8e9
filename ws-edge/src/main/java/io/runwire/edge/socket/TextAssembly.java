package io.runwire.edge.socket;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of a text message together, within a bound. What is not UTF-8 is refused at
 * its first wrong byte, whatever is still to come. Belongs to the reading thread.
 */
final class TextAssembly {
  /** The message is over the bound. */
  static final class TooBigException extends Exception {}

  private final int maxBytes;

  /** Only while a message is under way, so that a quiet socket holds nothing. */
  private @Nullable Message message;

  TextAssembly(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds a fragment; the message when it was the last. */
  Optional<String> add(ByteBuffer payload, boolean last)
      throws TooBigException, CharacterCodingException {
    Message begun = message == null ? new Message() : message;
    begun.bytes += payload.remaining();
    if (begun.bytes > maxBytes) {
      throw new TooBigException();
    }
    begun.decode(payload, last);
    message = last ? null : begun;
    return last ? Optional.of(begun.text.toString()) : Optional.empty();
  }

  /** What has come of a message so far. */
  private static final class Message {
    final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    final StringBuilder text = new StringBuilder();

    /** The beginning of a character whose rest comes in the next fragment: three bytes at most. */
    ByteBuffer begun = ByteBuffer.allocate(0);

    int bytes;

    void decode(ByteBuffer payload, boolean last) throws CharacterCodingException {
      ByteBuffer in =
          ByteBuffer.allocate(begun.remaining() + payload.remaining())
              .put(begun)
              .put(payload)
              .flip();
      CharBuffer out = CharBuffer.allocate(in.remaining());
      CoderResult result = decoder.decode(in, out, last);
      if (result.isError()) {
        result.throwException();
      }
      if (beginsSurrogate(in)) {
        throw new MalformedInputException(1);
      }
      begun = in;
      text.append(out.flip());
    }

    /** Half a surrogate pair, which the decoder would see with its third byte only. */
    private static boolean beginsSurrogate(ByteBuffer rest) {
      int at = rest.position();
      return rest.remaining() == 2
          && rest.get(at) == (byte) 0xed
          && (rest.get(at + 1) & 0xff) >= 0xa0;
    }
  }
}
