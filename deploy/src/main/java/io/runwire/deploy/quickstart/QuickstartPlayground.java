package io.runwire.deploy.quickstart;

import io.runwire.deploy.demo.DemoAgent;
import io.runwire.edge.console.Playground;
import io.runwire.producer.Runwire;
import io.runwire.producer.runner.AgentRunner;
import io.runwire.producer.runner.AgentSettings;
import io.runwire.producer.runner.RunHandle;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Tokens for the asking, and the demo agent. Thread-safe. */
final class QuickstartPlayground implements Playground, AutoCloseable {
  private static final String AGENT = "demo agent";

  /** Typing so that people can follow takes longer than an agent may by default. */
  private static final Duration RUN_LIMIT = Duration.ofMinutes(2);

  private final DevelopmentTokens tokens;
  private final AgentRunner runner;
  private final DemoAgent agent;
  private final Supplier<List<String>> edges;

  QuickstartPlayground(
      DevelopmentTokens tokens, Runwire producer, DemoAgent agent, Supplier<List<String>> edges) {
    this.tokens = tokens;
    this.runner = AgentRunner.over(producer, AgentSettings.DEFAULT.withRunLimit(RUN_LIMIT));
    this.agent = agent;
    this.edges = edges;
  }

  @Override
  public Token token(String subject, Duration ttl, List<String> threads, List<String> actions) {
    return tokens.issue(subject, ttl, threads, actions);
  }

  @Override
  public DemoRun start(String question, String thread) {
    RunHandle run = runner.run(AGENT, thread, question, context -> agent.answer(context, question));
    return new DemoRun(thread, run.id());
  }

  @Override
  public List<String> edges() {
    return edges.get();
  }

  @Override
  public void close() {
    runner.close();
  }
}
