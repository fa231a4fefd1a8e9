package io.runwire.deploy.demo;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files tell most about the keywords: BM25 (Robertson and Zaragoza, The Probabilistic
 * Relevance Framework, 2009) over lines. A word that is rare among the files weighs more; the tenth
 * line with it weighs less than the first; a long file must offer more than a short one.
 */
final class Ranking {
  private static final double SATURATION = 1.2; // k1 and b, at their customary values
  private static final double LENGTH_PENALTY = 0.75;
  private static final int LINES_PER_NAME = 5; // a word in the file's name, counted as lines
  private static final double TEST_WEIGHT = 0.5; // a test talks about what another file does

  private final int files;
  private final double averageBytes;
  private final Map<String, Long> bytes = new HashMap<>();

  Ranking(SourceFolder.Listing listing) {
    this.files = listing.files().size();
    this.averageBytes = Math.max(1, (double) listing.bytes() / Math.max(1, files));
    listing.files().forEach(file -> bytes.put(file.name(), file.bytes()));
  }

  /** A file and how much it may tell. */
  record Ranked(String file, double score) {}

  /** The files in which something was found, the best first. */
  List<Ranked> rank(List<Hits> found) {
    Map<String, Double> scores = new HashMap<>();
    for (Hits hits : found) {
      hits.lines()
          .forEach((file, lines) -> scores.merge(file, score(hits, file, lines), Double::sum));
    }
    return scores.entrySet().stream()
        .map(e -> new Ranked(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingDouble(Ranked::score).reversed().thenComparing(Ranked::file))
        .toList();
  }

  /** How much a keyword tells: the more, the fewer files hold it. */
  double weight(Hits hits) {
    double with = hits.lines().size();
    return Math.log(1 + (files - with + 0.5) / (with + 0.5));
  }

  private double score(Hits hits, String file, int lines) {
    double frequency = lines + (hits.keyword().isIn(file) ? LINES_PER_NAME : 0);
    double length = bytes.getOrDefault(file, 0L) / averageBytes;
    double norm = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * length);
    double score = weight(hits) * frequency * (SATURATION + 1) / (frequency + norm);
    return file.contains("/test/") ? score * TEST_WEIGHT : score;
  }
}
