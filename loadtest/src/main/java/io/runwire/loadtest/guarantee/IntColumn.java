package io.runwire.loadtest.guarantee;

import java.util.Arrays;

/** Ints in a row, without a box around each. */
final class IntColumn {
  private int[] values = new int[8];
  private int size;

  int size() {
    return size;
  }

  int get(int row) {
    return values[row];
  }

  void set(int row, int value) {
    values[row] = value;
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + (size >> 1));
    }
    values[size++] = value;
  }
}
