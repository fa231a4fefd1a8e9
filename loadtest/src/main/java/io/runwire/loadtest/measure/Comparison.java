package io.runwire.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * How long events took without something and with it, or on one way and on another, round by round
 * in one run. What counts is the median of the rounds' ratios: both halves of a round met the same
 * machine.
 */
final class Comparison {
  /** One round. */
  private record Round(Latencies without, Latencies with) {
    double ratio(ToDoubleFunction<Latencies> figure) {
      return figure.applyAsDouble(with) / figure.applyAsDouble(without);
    }
  }

  private final String without;
  private final String with;
  private final List<Round> rounds = new ArrayList<>();

  /**
   * From what was timed.
   *
   * @param without what the first half of each round is, for the table
   * @param with what the other is
   * @param latenciesWithout one for each round
   * @param latenciesWith the other half of each round
   */
  Comparison(
      String without,
      String with,
      List<Latencies> latenciesWithout,
      List<Latencies> latenciesWith) {
    this.without = without;
    this.with = with;
    for (int i = 0; i < latenciesWith.size(); i++) {
      rounds.add(new Round(latenciesWithout.get(i), latenciesWith.get(i)));
    }
  }

  /**
   * From what the live clients have recorded.
   *
   * @param what the difference, as in "without" and "with"
   * @param without one phase for each round
   * @param with the other half of each round
   */
  static Comparison of(String what, Path delays, List<Phase> without, List<Phase> with)
      throws IOException {
    return new Comparison(
        "without " + what, "with " + what, eachOf(delays, without), eachOf(delays, with));
  }

  private static List<Latencies> eachOf(Path delays, List<Phase> phases) throws IOException {
    List<Latencies> each = new ArrayList<>();
    for (Phase phase : phases) {
      each.add(Latencies.in(delays, List.of(phase)));
    }
    return each;
  }

  double p99Ratio() {
    return median(rounds.stream().mapToDouble(round -> round.ratio(Latencies::p99Ms)));
  }

  List<String> table() {
    List<String> table = new ArrayList<>();
    table.add(String.format(Locale.ROOT, "%-8s %28s %28s %22s", "", without, with, "ratio"));
    table.add(row("p50", Latencies::medianMs));
    table.add(row("p99", Latencies::p99Ms));
    table.add(row("longest", Latencies::longestMs));
    table.add(
        String.format(
            Locale.ROOT,
            "medians of %d rounds and their range; %,d and %,d events",
            rounds.size(),
            rounds.stream().mapToLong(round -> round.without().events()).sum(),
            rounds.stream().mapToLong(round -> round.with().events()).sum()));
    return table;
  }

  private String row(String name, ToDoubleFunction<Latencies> figure) {
    return String.format(
        Locale.ROOT,
        "%-8s %s %s %s",
        name,
        cell(rounds.stream().mapToDouble(round -> figure.applyAsDouble(round.without())), " ms"),
        cell(rounds.stream().mapToDouble(round -> figure.applyAsDouble(round.with())), " ms"),
        cell(rounds.stream().mapToDouble(round -> round.ratio(figure)), ""));
  }

  private static String cell(DoubleStream figures, String unit) {
    double[] sorted = figures.sorted().toArray();
    String range = String.format(Locale.ROOT, "(%.1f..%.1f)", sorted[0], sorted[sorted.length - 1]);
    return String.format(
        Locale.ROOT,
        unit.isEmpty() ? "%7.2f%s %14s" : "%10.2f%s %14s",
        middle(sorted),
        unit,
        range);
  }

  private static double median(DoubleStream figures) {
    return middle(figures.sorted().toArray());
  }

  private static double middle(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
