package io.runwire.loadtest.guarantee;

import io.runwire.loadtest.journal.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A random history in which every promise is kept, and the hooks for what breaks one. Thread t0 has
 * gaps, the others have none.
 */
final class Scenario {
  private static final int STEPS_PER_THREAD = 60;
  private static final int READERS_PER_THREAD = 4;

  /** What goes wrong, where. */
  interface Plant {
    /** In agents, or between them and the log; says whether it found a place. */
    default boolean inAgents(TestAgents agents, Random random) {
      return true;
    }

    /** In the router. */
    default boolean inLog(List<TestLog> logs, TestAgents agents, Random random) {
      return true;
    }

    /** On the way to clients. */
    default boolean inClients(List<TestReader> readers, TestAgents agents, Random random) {
      return true;
    }
  }

  private Scenario() {}

  /** A history in which all is well. */
  static History valid(long seed) {
    return planted(seed, new Plant() {}).orElseThrow();
  }

  /** A history in which one thing is not; empty where the seed's history has no place for it. */
  static Optional<History> planted(long seed, Plant plant) {
    Random random = new Random(seed);
    Random places = new Random(~seed);
    int threads = 2 + random.nextInt(3);
    TestAgents agents = new TestAgents(random, threads);
    agents.write(threads * STEPS_PER_THREAD);
    if (!plant.inAgents(agents, places)) {
      return Optional.empty();
    }
    List<TestLog> logs = new ArrayList<>();
    for (int partition = 0; partition < TestAgents.PARTITIONS; partition++) {
      logs.add(TestRouter.route(agents.agentEvents.get(partition), partition, random));
    }
    if (!plant.inLog(logs, agents, places)) {
      return Optional.empty();
    }
    List<TestReader> readers = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      String name = "t" + thread;
      for (int reader = 0; reader < READERS_PER_THREAD; reader++) {
        Optional<String> run =
            random.nextInt(5) == 0 ? Optional.of(name + "-r0") : Optional.empty();
        TestLog log = logs.get(TestAgents.partition(name));
        readers.add(new TestReader("c" + readers.size(), name, run, log, random));
      }
    }
    readers.forEach(reader -> reader.follow(reader.thread.equals("t0")));
    if (!plant.inClients(readers, agents, places)) {
      return Optional.empty();
    }
    List<Seen> seen = new ArrayList<>();
    readers.forEach(reader -> seen.addAll(reader.lines));
    return Optional.of(
        History.of(agents.sent.stream(), logs.stream().flatMap(TestLog::dump), seen.stream()));
  }
}
