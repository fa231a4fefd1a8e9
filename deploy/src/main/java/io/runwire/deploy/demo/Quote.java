package io.runwire.deploy.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Some lines of a file, word for word.
 *
 * @param first the number of the first line, from 1
 */
record Quote(String file, int first, List<String> lines) {
  private static final int LINES = 7;
  private static final int MAX_LINE_CHARS = 160;

  /** The stretch of the file in which the keywords, by their weights, stand closest together. */
  static Quote best(String file, List<String> lines, Map<Keyword, Double> weights) {
    int best = 0;
    double bestScore = -1;
    for (int start = 0; start <= Math.max(0, lines.size() - LINES); start++) {
      double score = score(window(lines, start), weights);
      if (score > bestScore) {
        bestScore = score;
        best = start;
      }
    }
    return new Quote(file, best + 1, window(lines, best));
  }

  String place() {
    return file + ":" + first + "-" + (first + lines.size() - 1);
  }

  /** As Markdown: the place, then the numbered lines as they stand, indented. */
  String markdown() {
    StringBuilder text = new StringBuilder("`").append(place()).append("`\n\n");
    int number = first;
    for (String line : lines) {
      text.append(String.format(Locale.ROOT, "    %5d  ", number++))
          .append(shorten(line))
          .append('\n');
    }
    return text.append('\n').toString();
  }

  private static List<String> window(List<String> lines, int start) {
    return lines.subList(start, Math.min(start + LINES, lines.size()));
  }

  /** What is said near the middle is worth a little more, so that it gets some context. */
  private static double score(List<String> window, Map<Keyword, Double> weights) {
    double score = 0;
    for (Map.Entry<Keyword, Double> keyword : weights.entrySet()) {
      double best = 0;
      for (int i = 0; i < window.size(); i++) {
        if (tells(window.get(i)) && keyword.getKey().isIn(window.get(i))) {
          double fromMiddle = Math.abs(i - LINES / 2.0) / LINES;
          best = Math.max(best, keyword.getValue() * (1 - fromMiddle / 10));
        }
      }
      score += best;
    }
    return score;
  }

  /** A line that only names what is used says nothing about it. */
  private static boolean tells(String line) {
    return !line.startsWith("import ") && !line.startsWith("package ");
  }

  private static String shorten(String line) {
    return line.length() > MAX_LINE_CHARS ? line.substring(0, MAX_LINE_CHARS) + "…" : line;
  }
}
