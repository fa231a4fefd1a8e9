package io.runwire.processor.topology;

import io.runwire.fold.RunPosition;
import io.runwire.fold.RunPosition.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the router remembers of a run.
 *
 * @param thread whose run it is
 * @param position as far as it was accepted without a hole
 * @param source offset in agent-events of the record that last changed this row: only records
 *     behind it are judged by it
 * @param firstSource offset of the run's first record: records behind that, and no others, can be
 *     said to name the wrong thread
 * @param changedAtMs stamp of the record that last changed this row
 */
record RoutedRun(
    String thread, RunPosition position, long source, long firstSource, long changedAtMs) {
  private static final byte VERSION = 1;
  private static final int FIXED_BYTES = 1 + Integer.BYTES + Long.BYTES + 1 + 3 * Long.BYTES;

  byte[] encode() {
    byte[] id = thread.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED_BYTES + id.length)
        .put(VERSION)
        .putInt(position.attempt())
        .putLong(position.seq())
        .put(code(position.progress()))
        .putLong(source)
        .putLong(firstSource)
        .putLong(changedAtMs)
        .put(id)
        .array();
  }

  static RoutedRun decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte version = in.get();
    if (version != VERSION) {
      throw new IllegalStateException(
          "router row: version " + version + " (expected: " + VERSION + ")");
    }
    RunPosition position = new RunPosition(in.getInt(), in.getLong(), progress(in.get()));
    long source = in.getLong();
    long firstSource = in.getLong();
    long changedAtMs = in.getLong();
    String thread = StandardCharsets.UTF_8.decode(in).toString();
    return new RoutedRun(thread, position, source, firstSource, changedAtMs);
  }

  private static byte code(Progress progress) {
    return switch (progress) {
      case OPEN -> 0;
      case ATTEMPT_ENDED -> 1;
      case RUN_ENDED -> 2;
    };
  }

  private static Progress progress(byte code) {
    return switch (code) {
      case 0 -> Progress.OPEN;
      case 1 -> Progress.ATTEMPT_ENDED;
      case 2 -> Progress.RUN_ENDED;
      default -> throw new IllegalStateException("router row: progress " + code);
    };
  }
}
