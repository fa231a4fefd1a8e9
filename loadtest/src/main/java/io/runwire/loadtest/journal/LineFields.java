package io.runwire.loadtest.journal;

import java.util.HexFormat;

/** A line's columns, from left to right. */
final class LineFields {
  private final String line;
  private int next;

  LineFields(String line) {
    this.line = line;
  }

  String text() {
    if (next > line.length()) {
      throw new IllegalArgumentException("columns: too few");
    }
    int end = line.indexOf('\t', next);
    String field = line.substring(next, end < 0 ? line.length() : end);
    next += field.length() + 1;
    return field;
  }

  long number() {
    return Long.parseLong(text());
  }

  int integer() {
    return Integer.parseInt(text());
  }

  boolean flag() {
    String flag = text();
    return switch (flag) {
      case "0" -> false;
      case "1" -> true;
      default -> throw new IllegalArgumentException("flag: " + flag + " (expected: 0 or 1)");
    };
  }

  long hash() {
    return HexFormat.fromHexDigitsToLong(text());
  }

  void end() {
    if (next <= line.length()) {
      throw new IllegalArgumentException("columns: too many");
    }
  }
}
