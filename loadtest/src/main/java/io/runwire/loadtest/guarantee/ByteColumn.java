package io.runwire.loadtest.guarantee;

import java.util.Arrays;

/** Bytes in a row, without a box around each. */
final class ByteColumn {
  private byte[] values = new byte[8];
  private int size;

  int size() {
    return size;
  }

  byte get(int row) {
    return values[row];
  }

  void set(int row, byte value) {
    values[row] = value;
  }

  void add(byte value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size++] = value;
  }
}
