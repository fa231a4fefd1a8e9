package io.runwire.deploy.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where a keyword occurs.
 *
 * @param lines how many lines hold it, by file
 */
record Hits(Keyword keyword, Map<String, Integer> lines) {
  private static final int BEST = 5;

  Hits {
    lines = Map.copyOf(lines);
  }

  int total() {
    return lines.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The outcome as the tool reports it. */
  Report report() {
    List<FileHits> best =
        lines.entrySet().stream()
            .map(e -> new FileHits(e.getKey(), e.getValue()))
            .sorted(
                Comparator.comparingInt(FileHits::lines).reversed().thenComparing(FileHits::file))
            .limit(BEST)
            .toList();
    return new Report(lines.size(), total(), best);
  }

  /**
   * A search's result.
   *
   * @param best the files with most lines
   */
  record Report(int files, int lines, List<FileHits> best) {}

  /** A file with that many lines. */
  record FileHits(String file, int lines) {}
}
