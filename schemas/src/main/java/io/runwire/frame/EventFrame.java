package io.runwire.frame;

import io.runwire.event.Envelope;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An {@code event} frame, encoded once and shared by every socket that follows its thread. The
 * agent's bytes are spliced in last, untouched; the server-sent form is cut out of the same bytes.
 *
 * <p>Immutable; every buffer that it gives out is a read-only view of its own.
 */
public final class EventFrame {
  private static final String EVENT_FIELD = ",\"event\":";

  private final byte[] bytes;
  private final int cursorStart;
  private final int cursorEnd;
  private final int eventStart;

  private EventFrame(byte[] bytes, int cursorStart, int cursorEnd, int eventStart) {
    this.bytes = bytes;
    this.cursorStart = cursorStart;
    this.cursorEnd = cursorEnd;
    this.eventStart = eventStart;
  }

  /**
   * Encodes a record.
   *
   * @param cursor ASCII of the position behind this record
   * @param timestampMs when the agent's record was appended
   * @param value the agent's bytes
   */
  public static EventFrame of(Envelope envelope, byte[] cursor, long timestampMs, byte[] value) {
    // Ids and cursors consist of characters that need no escaping in JSON.
    String head =
        "{\"op\":\"event\",\"thread\":\""
            + envelope.thread()
            + "\",\"run\":\""
            + envelope.run()
            + "\",\"attempt\":"
            + envelope.attempt()
            + ",\"seq\":"
            + envelope.seq()
            + ",\"cursor\":\"";
    String tail =
        "\",\"ts\":"
            + timestampMs
            + (envelope.type().terminal() ? ",\"final\":" + envelope.ends() : "")
            + EVENT_FIELD;
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(head.length() + cursor.length + tail.length() + value.length + 1);
    out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    int cursorStart = out.size();
    out.writeBytes(cursor);
    int cursorEnd = out.size();
    out.writeBytes(tail.getBytes(StandardCharsets.ISO_8859_1));
    int eventStart = out.size();
    out.writeBytes(value);
    out.write('}');
    return new EventFrame(out.toByteArray(), cursorStart, cursorEnd, eventStart);
  }

  /** The whole text frame. */
  public ByteBuffer text() {
    return slice(0, bytes.length);
  }

  /**
   * The whole text frame as it is sent again: the shared bytes, copied around the number.
   *
   * @param redelivery which repetition this is; 0 for the frame itself, which is not copied
   */
  public ByteBuffer text(int redelivery) {
    if (redelivery == 0) {
      return text();
    }
    byte[] field = (",\"redelivery\":" + redelivery).getBytes(StandardCharsets.ISO_8859_1);
    int at = eventStart - EVENT_FIELD.length();
    return ByteBuffer.allocate(bytes.length + field.length)
        .put(bytes, 0, at)
        .put(field)
        .put(bytes, at, bytes.length - at)
        .flip();
  }

  /** The cursor's ASCII. */
  public ByteBuffer cursor() {
    return slice(cursorStart, cursorEnd);
  }

  /** The agent's bytes. */
  public ByteBuffer event() {
    return slice(eventStart, bytes.length - 1);
  }

  /** Length of the whole frame, in bytes. */
  public int size() {
    return bytes.length;
  }

  private ByteBuffer slice(int from, int to) {
    return ByteBuffer.wrap(bytes, from, to - from).slice().asReadOnlyBuffer();
  }
}
