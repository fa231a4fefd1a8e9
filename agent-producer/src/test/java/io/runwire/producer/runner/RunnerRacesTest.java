package io.runwire.producer.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.event.EventHeaders;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Time limits, cancellations, failures and returns at the same moments, on real threads. */
final class RunnerRacesTest {
  private static final int RUNS = 400;
  private static final int AT_A_TIME = 64;
  private static final BreakerSettings NEVER_OPEN =
      new BreakerSettings(100_000, Duration.ofMillis(1), 1);
  private static final int RACE_MS = 4; // limits and work are of this size, so that they meet

  @Test
  void everyRunEndsOnceAndIsDenseWhateverMeetsWhat() {
    long seed = System.nanoTime();
    System.out.println("RunnerRacesTest: seed " + seed);
    Random random = new Random(seed);
    MemoryLog log = new MemoryLog();
    AgentSettings settings =
        AgentSettings.DEFAULT
            .withRunLimit(Duration.ofMillis(RACE_MS))
            .withToolLimit(Duration.ofMillis(RACE_MS))
            .withRetry(
                new RetrySettings(3, Duration.ofMillis(1), Duration.ofMillis(RACE_MS), e -> true))
            .withBreaker(new BreakerSettings(5, Duration.ofMillis(1), 2))
            .withAtATime(AT_A_TIME, AT_A_TIME);
    List<RunHandle> runs = new ArrayList<>();
    try (Runwire runwire = Runwire.over(log);
        AgentRunner runner = AgentRunner.over(runwire, settings)) {
      runner.withAgent("steady", settings.withBreaker(NEVER_OPEN));
      for (int i = 0; i < RUNS; i++) {
        long runSeed = random.nextLong();
        RunHandle run =
            runner.run(
                random.nextBoolean() ? "racer" : "steady",
                "thread-1",
                "q",
                context -> work(context, new Random(runSeed)));
        runs.add(run);
        if (random.nextInt(4) == 0) {
          run.cancel();
        }
      }
      runs.subList(0, RUNS / 2).forEach(run -> run.outcome().join());
      for (RunHandle run : runs) {
        if (random.nextBoolean()) {
          run.cancel();
        }
      }
      runs.forEach(run -> run.outcome().join());
      everySlotIsThereOnce(runner);
    }

    for (RunHandle run : runs) {
      Outcome outcome = run.outcome().join();
      List<AgentEvent> events = new Watched(log, run).events();
      List<AgentEvent> ends =
          events.stream()
              .filter(e -> e.type().terminal() && !e.headers().containsKey(EventHeaders.FINAL))
              .toList();
      assertThat(ends).as("%s of %s", outcome, events).hasSize(1);
      assertThat(ends.get(0)).isSameAs(events.get(events.size() - 1));
      long seq = 0;
      int attempt = 1;
      for (AgentEvent event : events) {
        seq = event.attempt().attempt() == attempt ? seq + 1 : 1;
        attempt = event.attempt().attempt();
        assertThat(event.seq()).as("%s", events).isEqualTo(seq);
      }
    }
  }

  /**
   * Code that does not heed its interrupt holds a slot, until it returns, whatever its run says.
   */
  private static void everySlotIsThereOnce(AgentRunner runner) {
    await()
        .untilAsserted(
            () -> {
              CountDownLatch release = new CountDownLatch(1);
              List<RunHandle> full = new ArrayList<>();
              for (int i = 0; i <= AT_A_TIME; i++) {
                full.add(
                    runner.run(
                        "steady", "thread-1", "q", context -> awaitUninterruptibly(release)));
              }
              release.countDown();
              List<Outcome> outcomes = full.stream().map(run -> run.outcome().join()).toList();
              assertThat(outcomes.subList(0, AT_A_TIME))
                  .noneMatch(outcome -> outcome instanceof Outcome.Rejected);
              assertThat(outcomes.get(AT_A_TIME)).isEqualTo(new Outcome.Rejected(AT_A_TIME));
            });
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // as code that cannot be stopped does
      }
    }
  }

  private static void work(AgentContext context, Random random) throws Exception {
    for (int i = random.nextInt(4); i >= 0; i--) {
      context.run().message("word");
      switch (random.nextInt(5)) {
        case 0 -> TimeUnit.MILLISECONDS.sleep(random.nextInt(RACE_MS));
        case 1 ->
            context.tool(
                "nap",
                "{}",
                () -> {
                  TimeUnit.MILLISECONDS.sleep(RACE_MS / 2);
                  return "rested";
                });
        case 2 -> throw new AgentException("CHANCE", "bad luck");
        case 3 ->
            context.join(
                Duration.ofMillis(RACE_MS),
                List.of(
                    new Branch("left", branch -> branch.run().message("l")),
                    new Branch("right", branch -> TimeUnit.MILLISECONDS.sleep(RACE_MS))));
        default -> context.run().custom("step", i);
      }
    }
  }
}
