package io.runwire.loadtest.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens in a file, one per line, used in turn: an edge bounds the connections of one user.
 * Read again when the file has changed, so that a fleet outlives its tokens. Safe from any thread.
 */
final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  private final Path file;
  private @Nullable FileTime modified; // guarded by this
  private List<String> tokens = List.of(); // guarded by this

  /**
   * @throws IllegalArgumentException if there is none in the file
   */
  Tokens(Path file) {
    this.file = file;
    if (!Files.isReadable(file) || of(0).isEmpty()) {
      throw new IllegalArgumentException(
          "--token-file: " + file + " (expected: a file with a token in each line)");
    }
  }

  /** The token of a client, by its number; empty while the file is. */
  synchronized String of(int client) {
    try {
      FileTime now = Files.getLastModifiedTime(file);
      if (!now.equals(modified)) {
        modified = now;
        tokens = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
      }
    } catch (IOException e) {
      LOG.warn("{}: using what was read before: {}", file, e.toString());
    }
    return tokens.isEmpty() ? "" : tokens.get(client % tokens.size()).strip();
  }
}
