package io.runwire.deploy.cli;

import io.runwire.deploy.play.Trajectory;
import io.runwire.deploy.play.TrajectoryPlayer;
import io.runwire.event.Ids;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code runwire play}: a recorded run becomes a run again. */
@Command(
    name = "play",
    description = "Plays a recorded run of SWE-agent (a .traj file) into the log.",
    mixinStandardHelpOptions = true)
final class PlayCommand implements Callable<Integer> {
  /** Beyond the longest pause of the recording, before the run counts as lost. */
  private static final Duration SLACK = Duration.ofSeconds(60);

  /** Whose runs these recordings are. */
  private static final String AGENT = "SWE-agent";

  @Parameters(paramLabel = "FILE", description = "The recording, a .traj file.")
  private Path file = Path.of("");

  @Option(
      names = "--speed",
      defaultValue = "1",
      description = "1 in recorded time, 10 ten times as fast, 0 without pauses (default: 1).")
  private double speed;

  @Option(names = "--thread", description = "Default: a new one, play.…")
  private @Nullable String thread;

  @Option(
      names = "--bootstrap",
      defaultValue = "localhost:9092",
      description = "Kafka brokers (default: ${DEFAULT-VALUE}, the quickstart's).")
  private String bootstrap = "";

  @Override
  public Integer call() throws Exception {
    TrajectoryPlayer player = new TrajectoryPlayer(Trajectory.read(file), speed);
    String target = thread == null ? Ids.random("play") : Ids.require("--thread", thread);
    RunOptions options =
        RunOptions.onThread(target)
            .withAgent(AGENT)
            .withTimeout(player.longestSilence().plus(SLACK));
    try (Runwire runwire = Runwire.connect(bootstrap);
        AgentRun run = runwire.startRun(options)) {
      System.out.println("Playing " + file + " on thread " + target + ", run " + run.id());
      System.out.println("  deploy/runwire tail " + target);
      player.play(run);
      System.out.println("Done.");
    }
    return 0;
  }
}
