package io.runwire.edge.hostile;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.TestEdge;
import io.runwire.edge.hostile.BadInput.Text;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.GapReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/**
 * Cursors that were never handed out, or point nowhere, as {@code after} and {@code Last-Event-ID}.
 */
final class CursorInputs {
  private static final String THREAD = "t";

  private static final int PARTITION_AT = 37;
  private static final int OFFSET_AT = 41;
  private static final int EPOCH_AT = 49;
  private static final int CHECKSUM_BYTES = 4;

  /** The fields of a cursor, and where they begin. */
  private static final Map<String, Integer> FIELDS =
      new TreeMap<>(
          Map.of(
              "version", 0,
              "topic id", 1,
              "other topic id", 17,
              "N", 33,
              "partition", PARTITION_AT,
              "offset", OFFSET_AT,
              "epoch", EPOCH_AT,
              "source offset", 53,
              "thread", 61,
              "checksum", 65));

  private CursorInputs() {}

  static List<BadInput> all() {
    List<BadInput> inputs = new ArrayList<>();
    malformed(inputs, "an empty cursor", e -> "");
    malformed(inputs, "a cursor that is none", e -> "nonsense");
    malformed(inputs, "a cursor cut short", e -> start(e, THREAD).substring(1));
    for (Map.Entry<String, Integer> field : FIELDS.entrySet()) {
      malformed(
          inputs, "a bit flipped in its " + field.getKey(), e -> flipped(e, field.getValue()));
    }
    malformed(
        inputs, "partition = N", e -> forged(e, c -> c.putInt(PARTITION_AT, TestEdge.PARTITIONS)));
    malformed(inputs, "partition −1", e -> forged(e, c -> c.putInt(PARTITION_AT, -1)));
    malformed(inputs, "offset −1", e -> forged(e, c -> c.putLong(OFFSET_AT, -1)));
    malformed(inputs, "offset Long.MIN", e -> forged(e, c -> c.putLong(OFFSET_AT, Long.MIN_VALUE)));
    malformed(inputs, "epoch −2", e -> forged(e, c -> c.putInt(EPOCH_AT, -2)));
    malformed(inputs, "another version", e -> forged(e, c -> c.put(0, (byte) 2)));
    both(
        inputs,
        "another thread's cursor",
        Answer.error(ErrorCode.CURSOR_FOREIGN_THREAD),
        Answer.status(400, ErrorCode.CURSOR_FOREIGN_THREAD),
        e -> start(e, "u"));
    gaps(inputs, "another cluster's cursor", GapReason.FOREIGN_LOG, e -> foreign(e, 4));
    gaps(inputs, "a cursor of a log with another N", GapReason.FOREIGN_LOG, e -> foreign(e, 1_024));
    gaps(inputs, "an offset beyond the end", GapReason.TRUNCATED, e -> at(e, 1_000, 0));
    gaps(inputs, "offset Long.MAX", GapReason.TRUNCATED, e -> at(e, Long.MAX_VALUE, 0));
    gaps(
        inputs,
        "an offset before the start",
        GapReason.EXPIRED,
        e -> {
          e.log.run(THREAD, "r").start().text(3);
          e.log.expire(e.log.partitionOf(THREAD), 3);
          return at(e, 1, 0);
        });
    gaps(
        inputs,
        "an epoch that ended before the offset",
        GapReason.TRUNCATED,
        e -> {
          e.log.run(THREAD, "r").start().text(3);
          e.log.truncate(e.log.partitionOf(THREAD), 1);
          e.log.run(THREAD, "r2").start().text(3);
          return at(e, 3, 0);
        });
    inputs.add(after("1 MB of cursor", Answer.close(CloseCode.TOO_BIG), e -> "x".repeat(1 << 20)));
    inputs.add(
        lastEventId(
            "1 MB of cursor", Answer.status(431, ErrorCode.BAD_REQUEST), e -> "x".repeat(1 << 20)));
    inputs.add(
        after("CR LF in a cursor", Answer.error(ErrorCode.CURSOR_MALFORMED), e -> "a\\r\\nb"));
    inputs.add(
        lastEventId(
            "CR LF in a cursor", Answer.status(400, ErrorCode.BAD_REQUEST), e -> "a\r\n b"));
    return inputs;
  }

  /** The cursor of the thread's first record, whether there is one or not. */
  static String start(TestEdge edge, String thread) {
    return new Cursor(
            edge.log.identity(), edge.log.partitionOf(thread), 0, 0, 0, Cursor.hash(thread))
        .encode();
  }

  private static void malformed(List<BadInput> inputs, String name, Text cursor) {
    both(
        inputs,
        name,
        Answer.error(ErrorCode.CURSOR_MALFORMED),
        Answer.status(400, ErrorCode.CURSOR_MALFORMED),
        cursor);
  }

  private static void both(
      List<BadInput> inputs, String name, Answer onSocket, Answer overHttp, Text cursor) {
    inputs.add(after(name, onSocket, cursor));
    inputs.add(lastEventId(name, overHttp, cursor));
  }

  private static void gaps(List<BadInput> inputs, String name, GapReason reason, Text cursor) {
    both(inputs, name, Answer.gap(reason), new Answer.GapsInStream(reason), cursor);
  }

  private static BadInput after(String name, Answer answer, Text cursor) {
    return BadInput.inText(
        name + ", as `after`",
        answer,
        e -> "{\"op\":\"subscribe\",\"id\":3,\"thread\":\"t\",\"after\":\"" + cursor.on(e) + "\"}");
  }

  private static BadInput lastEventId(String name, Answer answer, Text cursor) {
    return BadInput.inRequest(
        name + ", as `Last-Event-ID`",
        answer,
        e ->
            "GET /v1/threads/t/events HTTP/1.1\r\nHost: "
                + e.authority()
                + "\r\nAuthorization: Bearer "
                + e.mint.all()
                + "\r\nLast-Event-ID: "
                + cursor.on(e)
                + "\r\n\r\n");
  }

  private static String at(TestEdge edge, long offset, int epoch) {
    int partition = edge.log.partitionOf(THREAD);
    return new Cursor(edge.log.identity(), partition, offset, epoch, 0, Cursor.hash(THREAD))
        .encode();
  }

  private static String foreign(TestEdge edge, int partitions) {
    LogIdentity other = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), partitions);
    return new Cursor(other, edge.log.partitionOf(THREAD), 0, 0, 0, Cursor.hash(THREAD)).encode();
  }

  private static String flipped(TestEdge edge, int at) {
    byte[] bytes = Base64.getUrlDecoder().decode(start(edge, THREAD));
    bytes[at] ^= 1;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A cursor of which a part was changed by somebody who knows the form, checksum and all. */
  private static String forged(TestEdge edge, Consumer<ByteBuffer> change) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(start(edge, THREAD)));
    change.accept(bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.capacity() - CHECKSUM_BYTES);
    bytes.putInt(bytes.capacity() - CHECKSUM_BYTES, (int) crc.getValue());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}
