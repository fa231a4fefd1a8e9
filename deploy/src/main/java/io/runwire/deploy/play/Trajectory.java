package io.runwire.deploy.play;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A recorded run, as SWE-agent writes them ({@code .traj}).
 *
 * @param exitStatus how the agent ended, where recorded
 * @param submission what it delivered, where it did
 */
public record Trajectory(
    List<TrajectoryStep> steps, Optional<String> exitStatus, Optional<String> submission) {
  public Trajectory {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a recording.
   *
   * @throws NotATrajectoryException if the file is something else, saying what
   * @throws IOException if the file cannot be read
   */
  public static Trajectory read(Path file) throws IOException {
    return TrajectoryReader.read(file);
  }

  /** How long the slowest command took. */
  public Duration longestExecution() {
    return steps.stream()
        .map(TrajectoryStep::executionTime)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
