package io.runwire.loadtest.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Something that is taken over by another, and how long readers may have to wait for that.
 *
 * @param faults that make it happen, by number
 * @param longestS the longest delay from an agent's hand to a client's, in seconds
 */
record Failover(String name, List<Integer> faults, double longestS) {
  static final List<Failover> ALL =
      List.of(
          new Failover("router failover, longest delay", List.of(1, 2, 4), 9),
          new Failover("broker failover, longest delay", List.of(5, 6, 8), 12));

  /** Empty where it was not made to happen. */
  Optional<Target> target(ProofReport report) {
    return IntStream.range(0, report.disturbances().size())
        .filter(i -> faults.contains(report.disturbances().get(i).number()))
        .mapToObj(i -> report.longestDelayMsByDisturbance().get(i))
        .max(Long::compare)
        .map(longestMs -> new Target(name, longestMs / 1_000.0, longestS, " s"));
  }
}
