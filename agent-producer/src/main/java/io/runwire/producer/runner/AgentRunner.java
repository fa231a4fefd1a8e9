package io.runwire.producer.runner;

import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs agents so that none can hang, and none can hold up another. Safe from any thread.
 *
 * <pre>{@code
 * try (Runwire runwire = Runwire.connect("localhost:9092");
 *     AgentRunner runner = AgentRunner.over(runwire)) {
 *   RunHandle run =
 *       runner.run("researcher", "thread-42", question, context -> {
 *         String found = context.tool("search", Map.of("q", question), () -> search(question));
 *         context.run().message(summary(found));
 *       });
 *   Outcome outcome = run.outcome().join();
 * }
 * }</pre>
 *
 * <p>An agent is known by its name: under it stand its limits, its breaker and its slots. The
 * watcher of a run sees every outcome as events, see {@link Outcome}.
 */
public final class AgentRunner implements AutoCloseable {
  /**
   * Agents are few and have names of the programmer's; more than this is a name made up per run.
   */
  private static final int MAX_AGENTS = 1_000;

  private final Supervision supervision;
  private final AgentSettings defaults;
  private final Clock clock;
  private final Map<String, Guard> agents = new ConcurrentHashMap<>();
  private final Set<SupervisedRun> going = ConcurrentHashMap.newKeySet();
  private final Runnable takeBack;
  private volatile boolean closed;

  /**
   * @param timer shut down when this is closed
   */
  AgentRunner(
      Runwire runwire, AgentSettings defaults, ScheduledExecutorService timer, Clock clock) {
    this.defaults = defaults;
    this.clock = clock;
    this.supervision =
        new Supervision(runwire, timer, new AgentThreads(), new Tally(), going::remove);
    this.takeBack = runwire.beforeClose(this::close);
  }

  /** A runner whose agents have the default settings, unless they are given their own. */
  public static AgentRunner over(Runwire runwire) {
    return over(runwire, AgentSettings.DEFAULT);
  }

  /**
   * @param defaults for agents that are not given settings of their own
   */
  public static AgentRunner over(Runwire runwire, AgentSettings defaults) {
    return new AgentRunner(runwire, defaults, timer(), Clock.systemUTC());
  }

  /**
   * Gives an agent settings of its own, before its first run.
   *
   * @throws IllegalStateException if it has run, or has settings
   */
  public AgentRunner withAgent(String agent, AgentSettings settings) {
    if (agents.putIfAbsent(agent, new Guard(agent, settings, clock)) != null) {
      throw new IllegalStateException(agent + " has settings already");
    }
    return this;
  }

  /**
   * Starts a new run on the thread; see {@link #run(String, RunOptions, Agent)}.
   *
   * @param input what the user asked
   */
  public RunHandle run(String agent, String thread, String input, Agent code) {
    return run(agent, RunOptions.onThread(thread).withInput(input), code);
  }

  /**
   * Starts a run and returns: the run has begun, or has ended already where its agent may not run.
   *
   * @throws IllegalStateException if this is closed, or the run is going already
   * @throws io.runwire.producer.EventTooLargeException if the input is too large
   */
  public RunHandle run(String agent, RunOptions options, Agent code) {
    SupervisedRun run = new SupervisedRun(supervision, guard(agent), named(agent, options), code);
    going.add(run);
    try {
      if (closed) {
        throw new IllegalStateException("the runner is closed");
      }
      run.begin();
    } catch (RuntimeException e) {
      going.remove(run);
      run.notBegun(e);
      throw e;
    }
    return new RunHandle(run);
  }

  /** What this has done so far, and what is going. */
  public RunnerMetrics metrics() {
    return supervision.tally().snapshot(going.size(), supervision.threads().abandoned());
  }

  /**
   * Ends what is going with the error {@link Runwire#AGENT_STOPPED} and waits, at most {@link
   * io.runwire.producer.RunLimits#closeBound}, until that is settled. Done by the {@link Runwire}
   * when it is closed before, and so also when the process is stopped.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    takeBack.run();
    List<SupervisedRun> stopped = List.copyOf(going);
    stopped.forEach(run -> run.cancel(Runwire.AGENT_STOPPED));
    settle(stopped, supervision.runwire().limits().closeBound());
    supervision.timer().shutdownNow();
    supervision.threads().shutdown();
  }

  private static void settle(List<SupervisedRun> stopped, Duration bound) {
    long deadlineNs = System.nanoTime() + bound.toNanos();
    CompletableFuture<?>[] outcomes =
        stopped.stream().map(SupervisedRun::outcome).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(outcomes).get(bound.toNanos(), TimeUnit.NANOSECONDS);
      for (SupervisedRun run : stopped) {
        long leftNs = Math.max(0, deadlineNs - System.nanoTime());
        run.awaitSettled(Duration.ofNanos(leftNs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Outcomes do not fail. What is not ended in time is ended by the Runwire.
    }
  }

  /** The run is found by the name under which its agent runs, unless the options name another. */
  private static RunOptions named(String agent, RunOptions options) {
    return options.agent().isPresent() ? options : options.withAgent(agent);
  }

  private Guard guard(String agent) {
    Guard known = agents.get(agent);
    if (known != null) {
      return known;
    }
    if (agents.size() >= MAX_AGENTS) {
      throw new IllegalStateException(
          "agents: " + MAX_AGENTS + " (expected: a few names, not one per run)");
    }
    return agents.computeIfAbsent(agent, name -> new Guard(name, defaults, clock));
  }

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "runwire-agent-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true); // a limit that was not needed is forgotten at once
    return timer;
  }
}
