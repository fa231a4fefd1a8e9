package io.runwire.loadtest.process;

import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.runner.AgentException;
import io.runwire.producer.runner.AgentRunner;
import io.runwire.producer.runner.AgentSettings;
import io.runwire.producer.runner.RetrySettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An agent process with runs in every state but ended; says {@code up} when it has them. */
final class StoppedAgentMain {
  private static final String THREAD = "thread-1";

  private StoppedAgentMain() {}

  /** {@code StoppedAgentMain BOOTSTRAP}. */
  public static void main(String[] args) throws Exception {
    Runwire runwire = Runwire.connect(args[0]);
    Duration hour = Duration.ofHours(1);
    AgentRunner runner =
        AgentRunner.over(
            runwire,
            AgentSettings.DEFAULT.withRetry(new RetrySettings(2, hour, hour, failure -> true)));
    CountDownLatch calling = new CountDownLatch(2);
    AgentRun own = runwire.startRun(RunOptions.onThread(THREAD).withRun("own"));
    own.message().delta("in the middle of a sen");
    runner.run(
        "caller",
        RunOptions.onThread(THREAD).withRun("calling"),
        context -> context.tool("search", Map.of(), () -> blockedAfter(calling)));
    runner.run(
        "stubborn",
        RunOptions.onThread(THREAD).withRun("stubborn"),
        context -> {
          calling.countDown();
          blockIgnoringInterrupts();
        });
    runner.run(
        "failing",
        RunOptions.onThread(THREAD).withRun("waiting"),
        context -> {
          throw new AgentException("UPSTREAM", "The model is overloaded.");
        });
    calling.await();
    while (runner.metrics().retried() == 0) {
      Thread.onSpinWait();
    }
    System.out.println("up");
    new CountDownLatch(1).await();
  }

  private static void blockIgnoringInterrupts() {
    CountDownLatch never = new CountDownLatch(1);
    while (never.getCount() > 0) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // as code that cannot be stopped does
      }
    }
  }

  private static String blockedAfter(CountDownLatch calling) throws InterruptedException {
    calling.countDown();
    new CountDownLatch(1).await();
    return "never";
  }
}
