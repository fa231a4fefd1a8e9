package io.runwire.deploy.play;

import io.runwire.deploy.demo.Pace;
import io.runwire.deploy.demo.Typist;
import io.runwire.producer.AgentRun;
import io.runwire.producer.EventTooLargeException;
import io.runwire.producer.Reasoning;
import io.runwire.producer.TextMessage;
import io.runwire.producer.ToolCall;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lets a recorded run happen again.
 *
 * <p>Per step: the thought as reasoning, the response as a message where it says more than the
 * thought, the action as a tool call named by the command's first word, the observation as its
 * result. At the end the submission, as a message. All text is as recorded, byte for byte. Commands
 * take as long as they took; the recording does not tell how fast text came, so it comes at reading
 * pace.
 */
public final class TrajectoryPlayer {
  /** The error code of a run whose player was interrupted. */
  public static final String CANCELLED = "CANCELLED";

  private static final String NO_COMMAND = "none";

  private final Trajectory trajectory;
  private final double speed;
  private final Typist typist;

  /**
   * @param speed 1 for recorded time, 10 for ten times as fast, 0 for no pauses at all
   */
  public TrajectoryPlayer(Trajectory trajectory, double speed) {
    if (!(speed >= 0) || Double.isInfinite(speed)) {
      throw new IllegalArgumentException("speed: " + speed + " (expected: >= 0)");
    }
    this.trajectory = trajectory;
    this.speed = speed;
    this.typist = new Typist(new Pace(accelerated(Pace.READING.perToken())));
  }

  /**
   * How the recorded run ended.
   *
   * @param exitStatus as recorded; empty where it is not
   */
  public record Outcome(int steps, String exitStatus) {}

  /** The longest silence that playing will cause; the run's timeout must be longer. */
  public Duration longestSilence() {
    return accelerated(trajectory.longestExecution());
  }

  /**
   * Plays it as the given run, and ends the run: completed with an {@link Outcome}, or {@link
   * #CANCELLED} by an interrupt, which stays set.
   */
  public void play(AgentRun run) {
    try {
      run.complete(replay(run));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      run.fail(CANCELLED, "The player was stopped.");
    }
  }

  private Outcome replay(AgentRun run) throws InterruptedException {
    for (TrajectoryStep step : trajectory.steps()) {
      think(run, step.thought());
      if (!step.response().strip().equals(step.thought().strip())) {
        say(run, step.response());
      }
      act(run, step);
    }
    say(run, trajectory.submission().orElse(""));
    return new Outcome(trajectory.steps().size(), trajectory.exitStatus().orElse(""));
  }

  private void think(AgentRun run, String thought) throws InterruptedException {
    if (thought.isEmpty()) {
      return;
    }
    try (Reasoning reasoning = run.reasoning()) {
      typist.type(thought, reasoning::delta);
    }
  }

  private void say(AgentRun run, String text) throws InterruptedException {
    if (text.isEmpty()) {
      return;
    }
    try (TextMessage message = run.message()) {
      typist.type(text, message::delta);
    }
  }

  private void act(AgentRun run, TrajectoryStep step) throws InterruptedException {
    if (step.action().isBlank() && step.observation().isEmpty()) {
      return;
    }
    try (ToolCall call = run.toolCall(toolName(step.action()), Map.of("command", step.action()))) {
      TimeUnit.NANOSECONDS.sleep(accelerated(step.executionTime()).toNanos());
      try {
        call.result(step.observation());
      } catch (EventTooLargeException e) {
        call.failed(e);
      }
    }
  }

  private static String toolName(String command) {
    String stripped = command.strip();
    return stripped.isEmpty() ? NO_COMMAND : stripped.split("\\s", 2)[0];
  }

  private Duration accelerated(Duration recorded) {
    return speed == 0 ? Duration.ZERO : Duration.ofNanos((long) (recorded.toNanos() / speed));
  }
}
