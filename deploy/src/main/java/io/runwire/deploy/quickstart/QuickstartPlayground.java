package io.runwire.deploy.quickstart;

import io.runwire.deploy.demo.DemoAgent;
import io.runwire.edge.console.Playground;
import io.runwire.event.Ids;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens for the asking, and the demo agent. Thread-safe. */
final class QuickstartPlayground implements Playground, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QuickstartPlayground.class);

  /** Demo runs at a time, and how many more may wait. */
  private static final int MAX_RUNS = 32;

  private static final int MAX_WAITING = 256;

  private final DevelopmentTokens tokens;
  private final Runwire producer;
  private final DemoAgent agent;
  private final Supplier<List<String>> edges;
  private final ExecutorService runs =
      new ThreadPoolExecutor(
          MAX_RUNS,
          MAX_RUNS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          task -> {
            Thread thread = new Thread(task, "runwire-demo");
            thread.setDaemon(true);
            return thread;
          });

  QuickstartPlayground(
      DevelopmentTokens tokens, Runwire producer, DemoAgent agent, Supplier<List<String>> edges) {
    this.tokens = tokens;
    this.producer = producer;
    this.agent = agent;
    this.edges = edges;
  }

  @Override
  public Token token(String subject, Duration ttl, List<String> threads, List<String> actions) {
    return tokens.issue(subject, ttl, threads, actions);
  }

  @Override
  public DemoRun start(String question, String thread) {
    String run = Ids.random("run");
    runs.execute(() -> answer(question, thread, run));
    return new DemoRun(thread, run);
  }

  @Override
  public List<String> edges() {
    return edges.get();
  }

  @Override
  public void close() {
    runs.shutdownNow();
  }

  private void answer(String question, String thread, String run) {
    RunOptions options = RunOptions.onThread(thread).withRun(run).withInput(question);
    try (AgentRun going = producer.startRun(options)) {
      agent.answer(going, question);
    } catch (RuntimeException e) {
      // The run has its RUN_ERROR already; this is for whoever reads the log.
      log.warn("demo run {} failed: {}", run, e.toString());
    }
  }
}
