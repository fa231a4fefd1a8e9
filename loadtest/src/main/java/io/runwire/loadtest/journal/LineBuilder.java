package io.runwire.loadtest.journal;

import java.util.HexFormat;

/** A line in the making. */
final class LineBuilder {
  private final StringBuilder line = new StringBuilder(256);
  private boolean begun;

  /** A text; what would break the line apart becomes a question mark, and matches nothing. */
  LineBuilder text(String text) {
    separate();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line.append(c < ' ' ? '?' : c);
    }
    return this;
  }

  LineBuilder number(long number) {
    separate();
    line.append(number);
    return this;
  }

  LineBuilder flag(boolean flag) {
    separate();
    line.append(flag ? '1' : '0');
    return this;
  }

  LineBuilder hash(long hash) {
    separate();
    line.append(HexFormat.of().toHexDigits(hash));
    return this;
  }

  /** The line with its end; this begins anew. */
  String finish() {
    String finished = line.append('\n').toString();
    line.setLength(0);
    begun = false;
    return finished;
  }

  private void separate() {
    if (begun) {
      line.append('\t');
    }
    begun = true;
  }
}
