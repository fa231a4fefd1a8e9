package io.runwire.loadtest.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Counts the lines of one kind in a journal that grows. Belongs to one thread. */
public final class JournalTail {
  private final Path file;
  private final byte[] kind;
  private long position;
  private long lines;
  private int column;
  private boolean matches = true;

  /**
   * @param kind what its lines begin with, up to the first tab
   */
  public JournalTail(Path file, String kind) {
    this.file = file;
    this.kind = (kind + '\t').getBytes(StandardCharsets.US_ASCII);
  }

  /** So many by now. */
  public long count() throws IOException {
    byte[] bytes = new byte[1 << 16];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(position);
      for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
        position += length;
        for (int i = 0; i < length; i++) {
          take(bytes[i]);
        }
      }
    }
    return lines;
  }

  private void take(byte next) {
    if (next == '\n') {
      column = 0;
      matches = true;
      return;
    }
    if (column < kind.length) {
      matches &= next == kind[column];
      if (matches && column == kind.length - 1) {
        lines++;
      }
    }
    column++;
  }
}
