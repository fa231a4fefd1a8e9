package io.runwire.loadtest.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads journals, also while they are being written and after their writer was killed: a last line
 * without its end is ignored. Any other line that is none is an error, since a judge that skips
 * evidence is none.
 *
 * <p>The streams read as they go and keep nothing; close them, or read them to the end.
 */
public final class Journals {
  private Journals() {}

  /** The producers' lines, file by file. */
  public static Stream<Sent> sent(Path... files) {
    return read(LineFormat.SENT, files);
  }

  /** The log's records, in the order of the dump. */
  public static Stream<Logged> logged(Path... files) {
    return read(LineFormat.LOGGED, files);
  }

  /** The clients' lines; a client's own are in its order. */
  public static Stream<Seen> seen(Path... files) {
    return read(LineFormat.SEEN, files);
  }

  /**
   * A report directory's files of a kind, by name.
   *
   * @param glob such as {@code seen-*.tsv}
   */
  public static Path[] in(Path directory, String glob) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
      found.forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(files);
    return files.toArray(Path[]::new);
  }

  private static <T> Stream<T> read(LineFormat<T> format, Path... files) {
    return Arrays.stream(files).flatMap(file -> new JournalReader<>(file, format).stream());
  }
}
