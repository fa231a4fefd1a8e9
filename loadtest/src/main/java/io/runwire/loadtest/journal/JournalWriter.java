package io.runwire.loadtest.journal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A journal that is being written. It survives the process: what was flushed stands in the file
 * even after {@code kill -9}, and a line that was cut in two is ignored by {@link Journals}.
 *
 * <p>The file must not exist yet, so that a restarted process cannot blur its predecessor's last
 * line: every process takes a name of its own. Thread-safe; a failed write is thrown at the next
 * one and on close.
 */
public final class JournalWriter<T> implements AutoCloseable {
  private static final int BUFFER_CHARS = 1 << 16;
  private static final long FLUSH_MS = 500;

  private final LineFormat<T> format;
  private final boolean flushEachLine;
  private final Writer out; // guarded by this
  private final LineBuilder line = new LineBuilder(); // guarded by this
  private final Thread flusher;
  private boolean closed; // guarded by this

  private JournalWriter(Path file, LineFormat<T> format, boolean flushEachLine) {
    this.format = format;
    this.flushEachLine = flushEachLine;
    try {
      out =
          new BufferedWriter(
              Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW), BUFFER_CHARS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    flusher = new Thread(this::flushNowAndThen, "journal-" + file.getFileName());
    flusher.setDaemon(true);
    flusher.start();
  }

  /**
   * A producer's journal. Each line is in the file before {@link #write} returns: written as {@code
   * UNKNOWN} before the event goes to Kafka, no event of a killed producer can be a surprise.
   */
  public static JournalWriter<Sent> sent(Path file) {
    return new JournalWriter<>(file, LineFormat.SENT, true);
  }

  /** The log's dump; flushed every half second. */
  public static JournalWriter<Logged> logged(Path file) {
    return new JournalWriter<>(file, LineFormat.LOGGED, false);
  }

  /** A client group's journal; flushed every half second. */
  public static JournalWriter<Seen> seen(Path file) {
    return new JournalWriter<>(file, LineFormat.SEEN, false);
  }

  /** Appends a line. */
  public synchronized void write(T record) {
    if (closed) {
      throw new IllegalStateException("journal: closed");
    }
    try {
      format.put(record, line);
      out.write(line.finish());
      if (flushEachLine) {
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    notifyAll();
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void flushNowAndThen() {
    try {
      while (!closed) {
        wait(FLUSH_MS);
        if (!closed) {
          out.flush();
        }
      }
    } catch (InterruptedException | IOException e) {
      // A disk that fails here fails the next write and the close as well, where somebody listens.
      Thread.currentThread().interrupt();
    }
  }
}
