package io.runwire.loadtest.drive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@code event} frame, read no further than its head: {@code event} stands last, so the agent's
 * bytes are what lies between it and the closing brace, and nobody needs to parse them.
 *
 * @param terminal whether the frame carries {@code final}: the event ends its attempt
 * @param ends whether that is {@code true}: the event ends its run
 * @param redelivery whether it is sent again for want of an ack
 * @param event the agent's own bytes
 */
record EventHead(
    String thread,
    String run,
    int attempt,
    long seq,
    String cursor,
    boolean terminal,
    boolean ends,
    boolean redelivery,
    byte[] event) {

  /**
   * Reads a frame.
   *
   * @return empty where it is no event: another frame, for a parser
   * @throws IllegalArgumentException where it is an event and lacks a field
   */
  static Optional<EventHead> read(ByteBuffer frame) {
    Scan scan = new Scan(frame);
    return scan.reachesEvent() ? Optional.of(scan.head()) : Optional.empty();
  }

  /** One pass over the scalar fields of an object that is written without white space. */
  private static final class Scan {
    private final ByteBuffer in;
    private @Nullable String op;
    private @Nullable String thread;
    private @Nullable String run;
    private @Nullable String cursor;
    private int attempt;
    private long seq;
    private boolean terminal;
    private boolean ends;
    private boolean redelivery;

    Scan(ByteBuffer frame) {
      in = frame.duplicate();
    }

    boolean reachesEvent() {
      if (!skip('{')) {
        return false;
      }
      do {
        String name = string();
        if (name == null || !skip(':')) {
          return false;
        }
        if (name.equals("event")) {
          return "event".equals(op);
        }
        if (!field(name)) {
          return false;
        }
      } while (skip(','));
      return false;
    }

    private boolean field(String name) {
      String value = peek() == '"' ? string() : literal();
      if (value == null) {
        return false;
      }
      switch (name) {
        case "op" -> op = value;
        case "thread" -> thread = value;
        case "run" -> run = value;
        case "attempt" -> attempt = Integer.parseInt(value);
        case "seq" -> seq = Long.parseLong(value);
        case "cursor" -> cursor = value;
        case "final" -> {
          terminal = true;
          ends = value.equals("true");
        }
        case "redelivery" -> redelivery = true;
        default -> {} // ts, and what a later edge may add
      }
      return true;
    }

    EventHead head() {
      if (thread == null || run == null || cursor == null || attempt < 1 || seq < 1) {
        throw new IllegalArgumentException(
            "event: thread="
                + thread
                + " run="
                + run
                + " attempt="
                + attempt
                + " seq="
                + seq
                + " cursor="
                + cursor
                + " (expected: all of them)");
      }
      if (in.remaining() < 2 || in.get(in.limit() - 1) != '}') {
        throw new IllegalArgumentException("event: not the frame's last field");
      }
      byte[] event = new byte[in.remaining() - 1];
      in.get(event);
      return new EventHead(thread, run, attempt, seq, cursor, terminal, ends, redelivery, event);
    }

    private int peek() {
      return in.hasRemaining() ? in.get(in.position()) : -1;
    }

    private boolean skip(char expected) {
      if (peek() != expected) {
        return false;
      }
      in.get();
      return true;
    }

    /** A string without escapes: ids and cursors need none; null where it has some. */
    private @Nullable String string() {
      if (!skip('"')) {
        return null;
      }
      int start = in.position();
      while (in.hasRemaining()) {
        byte b = in.get();
        if (b == '\\') {
          return null;
        }
        if (b == '"') {
          return text(start, in.position() - 1);
        }
      }
      return null;
    }

    /** A number or a word; null where the value is neither. */
    private @Nullable String literal() {
      int start = in.position();
      while (peek() == '-'
          || (peek() >= '0' && peek() <= '9')
          || (peek() >= 'a' && peek() <= 'z')) {
        in.get();
      }
      return in.position() == start ? null : text(start, in.position());
    }

    private String text(int start, int end) {
      byte[] bytes = new byte[end - start];
      in.get(start, bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
