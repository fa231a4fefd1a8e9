package io.runwire.loadtest.drive;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** The HTTP handshake of one WebSocket, RFC 6455 §4. Belongs to one thread. */
final class Upgrade {
  static final String SUBPROTOCOL = "runwire.v1";

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int MAX_HEAD_BYTES = 8 << 10;

  private final URI edge;
  private final String key;
  private byte[] head = new byte[512];
  private int length;

  /**
   * @param edge {@code ws://host:port/v1/ws}
   * @param nonce 16 bytes
   */
  Upgrade(URI edge, byte[] nonce) {
    this.edge = edge;
    this.key = Base64.getEncoder().encodeToString(nonce);
  }

  ByteBuffer request() {
    String path = edge.getRawPath().isEmpty() ? "/" : edge.getRawPath();
    String query = edge.getRawQuery() == null ? "" : "?" + edge.getRawQuery();
    String request =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + edge.getAuthority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: "
            + key
            + "\r\nSec-WebSocket-Protocol: "
            + SUBPROTOCOL
            + "\r\n\r\n";
    return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Takes bytes of the answer up to its end and leaves what follows.
   *
   * @return whether the answer is whole, and the peer speaks {@code runwire.v1} from here on
   * @throws WireViolation if it does not: the message is what it said instead
   */
  boolean read(ByteBuffer in) throws WireViolation {
    while (in.hasRemaining()) {
      if (length == MAX_HEAD_BYTES) {
        throw refused("a head of more than " + MAX_HEAD_BYTES + " bytes");
      }
      if (length == head.length) {
        head = Arrays.copyOf(head, 2 * length);
      }
      head[length++] = in.get();
      if (endsWithBlankLine()) {
        check(new String(head, 0, length, StandardCharsets.ISO_8859_1).split("\r\n"));
        return true;
      }
    }
    return false;
  }

  private boolean endsWithBlankLine() {
    return length >= 4
        && head[length - 1] == '\n'
        && head[length - 2] == '\r'
        && head[length - 3] == '\n'
        && head[length - 4] == '\r';
  }

  private void check(String[] lines) throws WireViolation {
    if (!lines[0].startsWith("HTTP/1.1 101")) {
      throw refused(lines[0]);
    }
    requireHeader(lines, "Sec-WebSocket-Accept", accept(key));
    requireHeader(lines, "Sec-WebSocket-Protocol", SUBPROTOCOL);
  }

  private void requireHeader(String[] lines, String name, String expected) throws WireViolation {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    String found = "";
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
        found = line.substring(prefix.length()).strip();
      }
    }
    if (!found.equals(expected)) {
      throw refused(name + ": '" + found + "' (expected: " + expected + ")");
    }
  }

  private WireViolation refused(String detail) {
    return new WireViolation(Line.LOST, edge + " did not upgrade: " + detail);
  }

  /** The answer to a key. */
  static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
