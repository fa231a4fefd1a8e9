package io.runwire.loadtest.guarantee;

import java.util.Arrays;

/** A map from longs to ints, open addressing, without a box around each. */
final class LongIndex {
  /** What {@link #get} says of a key that is not in it. */
  static final int NONE = -1;

  private long[] keys = new long[1 << 10];
  private int[] values = emptied(1 << 10);
  private int size;

  int get(long key) {
    return values[place(key)];
  }

  void put(long key, int value) {
    int place = place(key);
    if (values[place] == NONE && ++size > keys.length / 2) {
      grow();
      place = place(key);
    }
    keys[place] = key;
    values[place] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = emptied(keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != NONE) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = oldValues[i];
      }
    }
  }

  private int place(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L; // Fibonacci hashing
    int place = (int) (mixed >>> 32) & (keys.length - 1);
    while (values[place] != NONE && keys[place] != key) {
      place = (place + 1) & (keys.length - 1);
    }
    return place;
  }

  private static int[] emptied(int length) {
    int[] values = new int[length];
    Arrays.fill(values, NONE);
    return values;
  }
}
