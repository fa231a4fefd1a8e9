package io.runwire.producer;

import io.runwire.event.AgentName;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.Ids;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a run is started with. Begin with {@link #onThread}; everything else has a default.
 *
 * @param thread the conversation it belongs to
 * @param run its id; random by default. Name it to start a further attempt of a run
 * @param parentRun the run on whose behalf it works, e.g. as a sub-agent
 * @param attempt from 1; a newer attempt replaces the older ones
 * @param timeout the silence after which the run is taken as lost; by default the configuration's
 * @param input what the user asked
 * @param traceparent the W3C trace context to carry along
 * @param agent the name of the agent, by which its runs are found
 */
public record RunOptions(
    String thread,
    Optional<String> run,
    Optional<String> parentRun,
    int attempt,
    Optional<Duration> timeout,
    Optional<String> input,
    Optional<String> traceparent,
    Optional<String> agent) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  public RunOptions {
    Ids.require("thread", thread);
    run.ifPresent(id -> Ids.require("run", id));
    parentRun.ifPresent(id -> Ids.require("parent run", id));
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: >= 1)");
    }
    timeout.ifPresent(RunOptions::requireTimeout);
    traceparent.ifPresent(RunOptions::requireTraceparent);
    agent.ifPresent(RunOptions::requireAgent);
  }

  /** A run on that thread, all else by default. */
  public static RunOptions onThread(String thread) {
    Optional<String> none = Optional.empty();
    return new RunOptions(thread, none, none, 1, Optional.empty(), none, none, none);
  }

  public RunOptions withRun(String id) {
    return new RunOptions(
        thread, Optional.of(id), parentRun, attempt, timeout, input, traceparent, agent);
  }

  public RunOptions withParentRun(String id) {
    return new RunOptions(
        thread, run, Optional.of(id), attempt, timeout, input, traceparent, agent);
  }

  public RunOptions withAttempt(int number) {
    return new RunOptions(thread, run, parentRun, number, timeout, input, traceparent, agent);
  }

  public RunOptions withTimeout(Duration silence) {
    return new RunOptions(
        thread, run, parentRun, attempt, Optional.of(silence), input, traceparent, agent);
  }

  public RunOptions withInput(String userMessage) {
    return new RunOptions(
        thread, run, parentRun, attempt, timeout, Optional.of(userMessage), traceparent, agent);
  }

  public RunOptions withTraceparent(String header) {
    return new RunOptions(
        thread, run, parentRun, attempt, timeout, input, Optional.of(header), agent);
  }

  public RunOptions withAgent(String name) {
    return new RunOptions(
        thread, run, parentRun, attempt, timeout, input, traceparent, Optional.of(name));
  }

  private static void requireTimeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(EnvelopeReader.MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + " (expected: 1 ms .. " + EnvelopeReader.MAX_TIMEOUT + ")");
    }
  }

  private static void requireAgent(String name) {
    if (!AgentName.valid(name)) {
      throw new IllegalArgumentException(
          "agent: '"
              + Ids.printable(name)
              + "' (expected: 1-200 chars, no control, no blank at an end)");
    }
  }

  private static void requireTraceparent(String header) {
    if (!TRACEPARENT.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "traceparent: '" + Ids.printable(header) + "' (expected: W3C trace context)");
    }
  }
}
