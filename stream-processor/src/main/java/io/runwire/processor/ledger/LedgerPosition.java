package io.runwire.processor.ledger;

import java.nio.ByteBuffer;

/**
 * How far the ledger has read a partition of thread-events.
 *
 * @param next offset of the first record that it has not folded
 * @param sourceFloor highest offset of agent-events among those that it has; −1 for none
 */
public record LedgerPosition(long next, long sourceFloor) {
  /** Nothing read yet. */
  static final LedgerPosition START = new LedgerPosition(0, -1);

  /**
   * After one more record. Where that lies before {@link #next}, a crash has turned the reading
   * back while the store was ahead: the floor must not be ahead, too, or who reads from here would
   * take the next records for repeated ones. A floor that is too low only repeats what ended.
   */
  LedgerPosition behind(long offset, long sourceOffset) {
    if (offset < next) {
      return new LedgerPosition(offset + 1, sourceOffset);
    }
    return new LedgerPosition(offset + 1, Math.max(sourceFloor, sourceOffset));
  }

  byte[] encode() {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(next).putLong(sourceFloor).array();
  }

  static LedgerPosition decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new LedgerPosition(in.getLong(), in.getLong());
  }
}
