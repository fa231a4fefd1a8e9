package io.runwire.loadtest.proof;

import io.runwire.loadtest.journal.JournalTail;
import io.runwire.loadtest.journal.Journals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Counts what the clients of a report directory have written down so far. One thread's. */
public final class SeenLines {
  private final Path directory;
  private final String kind;
  private final Map<Path, JournalTail> tails = new HashMap<>();

  /**
   * @param kind of lines, e.g. {@code event}
   */
  public SeenLines(Path directory, String kind) {
    this.directory = directory;
    this.kind = kind;
  }

  /** So many by now. */
  public long count() throws IOException {
    long lines = 0;
    for (Path file : Journals.in(directory, "seen-*.tsv")) {
      lines += tails.computeIfAbsent(file, path -> new JournalTail(path, kind)).count();
    }
    return lines;
  }
}
