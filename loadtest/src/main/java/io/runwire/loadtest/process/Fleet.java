package io.runwire.loadtest.process;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Agents or clients that share a process. When it is killed and started again it has a new name, so
 * that its journal is a new one. Thread-safe.
 */
public final class Fleet {
  /** Agents wait until what they wrote is settled or lost. */
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(100);

  private final RunwireSystem system;
  private final String name;
  private final Function<String, List<String>> command;
  private int starts;
  private @Nullable ChildProcess process;

  /**
   * @param command by the name of one start
   */
  Fleet(RunwireSystem system, String name, Function<String, List<String>> command) {
    this.system = system;
    this.name = name;
    this.command = command;
  }

  /** Starts it, unless it runs. */
  public synchronized void start() {
    if (process == null || !process.alive()) {
      starts++;
      String unique = name + "-" + starts;
      process = system.drive(unique, command.apply(unique));
    }
  }

  public synchronized boolean alive() {
    return process != null && process.alive();
  }

  /**
   * Has it carry out a command.
   *
   * @throws IllegalStateException if it does not run
   */
  public synchronized void tell(String command) {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    process.tell(command);
  }

  public synchronized void kill() {
    if (process != null) {
      process.kill();
    }
  }

  /** SIGTERM; returns when it has finished what it had begun. */
  public synchronized boolean stop() {
    return process == null || process.stop(ENDED_WITHIN);
  }

  @Override
  public String toString() {
    return name;
  }
}
