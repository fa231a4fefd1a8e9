package io.runwire.loadtest.proof;

import io.runwire.loadtest.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which fault comes when. The same faults and seed make the same schedule. */
final class Schedule {
  private static final int SHORTEST_PAUSE_MS = 1_500;
  private static final int LONGEST_PAUSE_MS = 4_000;

  /**
   * One fault.
   *
   * @param pause before it starts
   * @param seed for what the fault decides by itself
   */
  record Step(Fault fault, Duration pause, long seed) {}

  private Schedule() {}

  /** A round: each fault once, those that lose records at the end. */
  static List<Step> round(List<Fault> faults, Random random) {
    List<Fault> order = new ArrayList<>(faults);
    Collections.shuffle(order, random);
    order.sort((a, b) -> a.survival().compareTo(b.survival()));
    List<Step> steps = new ArrayList<>();
    for (Fault fault : order) {
      int pauseMs = random.nextInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
      steps.add(new Step(fault, Duration.ofMillis(pauseMs), random.nextLong()));
    }
    return steps;
  }
}
