package io.runwire.loadtest.guarantee;

import java.util.Arrays;

/** Longs in a row, without a box around each. */
final class LongColumn {
  private long[] values = new long[8];
  private int size;

  int size() {
    return size;
  }

  long get(int row) {
    return values[row];
  }

  void set(int row, long value) {
    values[row] = value;
  }

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size++] = value;
  }
}
