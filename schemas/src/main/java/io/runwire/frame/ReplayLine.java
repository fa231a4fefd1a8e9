package io.runwire.frame;

import io.runwire.cursor.Cursor;
import io.runwire.event.Envelope;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a replay (NDJSON): a record each, with the agent's bytes spliced in untouched; now
 * and then how far was read where nothing matched; and at last the end, so that a download that was
 * cut off is recognised. A gap is spelled as everywhere, {@link ServerFrame.Gap}.
 */
public final class ReplayLine {
  private ReplayLine() {}

  /**
   * Appends the line of a record.
   *
   * @param frame of the same record: its cursor and the agent's bytes are taken from it
   * @param timestampMs when the agent's record was appended
   */
  public static void event(
      ByteArrayOutputStream out, Envelope envelope, EventFrame frame, long timestampMs) {
    // Ids, cursors and source positions consist of characters that need no escaping in JSON.
    text(
        out,
        "{\"thread\":\""
            + envelope.thread()
            + "\",\"run\":\""
            + envelope.run()
            + "\",\"attempt\":"
            + envelope.attempt()
            + ",\"seq\":"
            + envelope.seq()
            + ",\"cursor\":\"");
    bytes(out, frame.cursor());
    text(
        out,
        "\",\"ts\":"
            + timestampMs
            + envelope.src().map(src -> ",\"src\":\"" + src + "\"").orElse("")
            + (envelope.type().terminal() ? ",\"final\":" + envelope.ends() : "")
            + ",\"event\":");
    bytes(out, frame.event());
    text(out, "}\n");
  }

  /** How far was read: nothing that was asked for stands before the cursor that was not shown. */
  public static String scanned(Cursor cursor) {
    return "{\"op\":\"scanned\",\"cursor\":\"" + cursor.encode() + "\"}\n";
  }

  /**
   * The last line.
   *
   * @param cursor from which the thread goes on
   * @param events lines of records in this answer
   * @param scanned records of the partition that were looked at for them
   */
  public static String end(Cursor cursor, long events, long scanned) {
    return "{\"op\":\"end\",\"cursor\":\""
        + cursor.encode()
        + "\",\"events\":"
        + events
        + ",\"scanned\":"
        + scanned
        + "}\n";
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void bytes(ByteArrayOutputStream out, ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    out.writeBytes(bytes);
  }
}
