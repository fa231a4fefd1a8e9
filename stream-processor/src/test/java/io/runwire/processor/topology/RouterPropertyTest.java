package io.runwire.processor.topology;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.fold.Verdict;
import io.runwire.processor.topology.CrashingRouter.Output;
import io.runwire.processor.topology.CrashingRouter.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any crash, any store, any trouble of the agents: readers see what the agents meant. */
class RouterPropertyTest {
  @Property(tries = 400)
  void readersSeeWhatTheAgentsMeant(@ForAll long seed) {
    Random random = new Random(seed);
    TroubledAgents agents = new TroubledAgents(random);
    CrashingRouter router = new CrashingRouter();
    router.source.addAll(agents.log());

    routeWithCrashes(router, random);

    for (String run : agents.intended().keySet()) {
      List<Seen> seen =
          router.read(agents.thread(run)).stream().filter(e -> e.run().equals(run)).toList();
      assertThat(seen).isEqualTo(agents.intended().get(run));
    }
  }

  @Property(tries = 400)
  void aReaderThatJoinsAnywhereIsHandedNothingTwiceAndNewRunsWhole(@ForAll long seed) {
    Random random = new Random(seed);
    TroubledAgents agents = new TroubledAgents(random);
    CrashingRouter router = new CrashingRouter();
    router.source.addAll(agents.log());
    routeWithCrashes(router, random);
    int from = random.nextInt(router.output.size() + 1);
    Set<String> before =
        router.output.subList(0, from).stream().map(o -> o.envelope().run()).collect(toSet());

    for (String run : agents.intended().keySet()) {
      List<Seen> seen =
          router.read(agents.thread(run), from).stream().filter(e -> e.run().equals(run)).toList();
      assertThat(seen)
          .isSortedAccordingTo(Comparator.comparingInt(Seen::attempt).thenComparingLong(Seen::seq))
          .doesNotHaveDuplicates();
      if (!before.contains(run)) {
        assertThat(seen).isEqualTo(agents.intended().get(run));
      }
    }
  }

  @Property(tries = 200)
  void withoutACrashReadersSkipNothingButWhatStandsBeyondAHole(@ForAll long seed) {
    CrashingRouter router = new CrashingRouter();
    router.source.addAll(new TroubledAgents(new Random(seed)).log());

    router.route(0, router.source.size());

    assertThat(router.output.size() + router.rejected.size()).isEqualTo(router.source.size());
    assertThat(router.verdicts()).isSubsetOf(Verdict.PASS, Verdict.HOLE);
  }

  private static void routeWithCrashes(CrashingRouter router, Random random) {
    int committed = 0;
    List<Output> zombie = new ArrayList<>();
    while (committed < router.source.size()) {
      int crashAt = committed + 1 + random.nextInt(router.source.size() - committed);
      int before = router.output.size();
      router.route(committed, crashAt);
      if (crashAt == router.source.size() && random.nextBoolean()) {
        break; // it got through
      }
      // Some prefix of its output had arrived; the rest is lost, or lands later.
      int arrived = before + random.nextInt(router.output.size() - before + 1);
      List<Output> inFlight = router.loseOutputFrom(arrived);
      landAmong(router, zombie, before, random);
      zombie = random.nextBoolean() ? inFlight : new ArrayList<>();
      committed = nextCommit(committed, crashAt, inFlight, random);
      if (random.nextBoolean()) {
        router.findStoreAsAfter(random.nextInt(crashAt + 1) - 1L);
      } else {
        router.findStoreAsAfterSome(random, crashAt);
      }
    }
    router.output.addAll(zombie);
  }

  /** No further than what has arrived. */
  private static int nextCommit(int committed, int crashAt, List<Output> inFlight, Random random) {
    int limit = inFlight.isEmpty() ? crashAt : (int) inFlight.get(0).source();
    return committed + random.nextInt(Math.max(1, limit - committed + 1));
  }

  /** A batch that the processor before had under way lands somewhere among those of this one. */
  private static void landAmong(
      CrashingRouter router, List<Output> zombie, int from, Random random) {
    int at = from;
    for (Output late : zombie) {
      at += random.nextInt(router.output.size() - at + 1);
      router.output.add(at++, late);
    }
  }
}
