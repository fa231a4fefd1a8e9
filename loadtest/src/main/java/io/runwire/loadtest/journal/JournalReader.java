package io.runwire.loadtest.journal;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads one journal, line by line. Belongs to one thread. */
final class JournalReader<T> extends AbstractSpliterator<T> {
  private final Path file;
  private final LineFormat<T> format;
  private final Reader in;
  private final char[] read = new char[1 << 16];
  private int next;
  private int end;
  private final StringBuilder line = new StringBuilder(256);
  private long lineNumber;

  JournalReader(Path file, LineFormat<T> format) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.file = file;
    this.format = format;
    try {
      in = Files.newBufferedReader(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<T> stream() {
    return StreamSupport.stream(this, false).onClose(this::close);
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    String next = nextLine();
    if (next == null) {
      close();
      return false;
    }
    lineNumber++;
    action.accept(parse(next));
    return true;
  }

  private T parse(String text) {
    try {
      LineFields fields = new LineFields(text);
      T record = format.take(fields);
      fields.end();
      return record;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ":" + lineNumber + ": " + e.getMessage(), e);
    }
  }

  /** The next whole line; none where the file ends, in the middle of a line or behind one. */
  private @Nullable String nextLine() {
    while (fill()) {
      int begin = next;
      while (next < end && read[next] != '\n') {
        next++;
      }
      line.append(read, begin, next - begin);
      if (next < end) {
        next++;
        String whole = line.toString();
        line.setLength(0);
        return whole;
      }
    }
    return null;
  }

  /** Whether there is anything left to look at. */
  private boolean fill() {
    try {
      if (next == end) {
        end = Math.max(0, in.read(read));
        next = 0;
      }
      return end > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
