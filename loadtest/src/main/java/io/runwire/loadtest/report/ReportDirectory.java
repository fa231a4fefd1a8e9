package io.runwire.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a proof leaves what it found.
 *
 * <pre>
 *   report.txt, report.json     the verdict
 *   sent-*.tsv, seen-*.tsv      journals of agents and clients
 *   logged.tsv                  thread-events as it was in the end
 *   halted                      when the routers halted for good; absent where they did not
 *   logs/                       a file for each process
 *   data/                       of brokers and routers, while the proof goes on
 * </pre>
 */
public final class ReportDirectory {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path path;

  private ReportDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes it.
   *
   * @throws IOException if there is something in it already
   */
  public static ReportDirectory create(Path path) throws IOException {
    Path directory = Files.createDirectories(path.toAbsolutePath());
    try (Stream<Path> found = Files.list(directory)) {
      if (found.findAny().isPresent()) {
        throw new IOException(path + " is not empty (expected: an empty folder, or none)");
      }
    }
    return new ReportDirectory(directory);
  }

  public Path path() {
    return path;
  }

  public Path logs() {
    return path.resolve("logs");
  }

  public Path data() {
    return path.resolve("data");
  }

  public Path dump() {
    return path.resolve("logged.tsv");
  }

  /** Where it says when the routers halted, in milliseconds since the epoch. */
  public Path halted() {
    return path.resolve("halted");
  }

  public void write(ProofReport report) throws IOException {
    Files.write(path.resolve("report.txt"), report.lines());
    MAPPER.writeValue(path.resolve("report.json").toFile(), report);
  }
}
