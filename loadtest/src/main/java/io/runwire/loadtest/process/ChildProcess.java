package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process of the system, which can be killed, frozen, stopped in good order and started again.
 *
 * <pre>
 *            start              freeze
 *   STOPPED ───────▶ RUNNING ◀────────▶ FROZEN
 *      ▲  kill, stop    │        thaw
 *      ├────────────────┤
 *      └── by itself ───┘  told to the listener
 * </pre>
 *
 * <p>Its standard input stays open for as long as this process lives, so that a child can notice
 * that nobody is left.
 *
 * <p>Thread-safe. A signal goes to the process that this object started, never to another.
 */
public final class ChildProcess {
  private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(40);

  private final Program program;
  private final Consumer<ChildProcess> endedByItself;
  private @Nullable Process process;
  private boolean wanted;
  private boolean retired;

  /**
   * @param endedByItself told when it ends without having been stopped or killed here; on a thread
   *     of the JVM's
   */
  ChildProcess(Program program, Consumer<ChildProcess> endedByItself) {
    this.program = program;
    this.endedByItself = endedByItself;
  }

  public String name() {
    return program.name();
  }

  public Program program() {
    return program;
  }

  /** Starts it, unless it runs or its group has been closed. */
  public synchronized void start() {
    if (retired) {
      return;
    }
    wanted = true;
    if (alive()) {
      return;
    }
    try {
      Process started =
          new ProcessBuilder(program.command())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(program.log().toFile()))
              .start();
      process = started;
      started.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      throw new UncheckedIOException(program.name() + " cannot be started", e);
    }
  }

  public synchronized boolean alive() {
    return process != null && process.isAlive();
  }

  /**
   * Its id.
   *
   * @throws IllegalStateException if it does not run
   */
  public synchronized long pid() {
    return running().pid();
  }

  /**
   * Writes a line to its standard input.
   *
   * @throws IllegalStateException if it does not run
   * @throws UncheckedIOException if it reads no more
   */
  public synchronized void tell(String line) {
    try {
      OutputStream in = running().getOutputStream();
      in.write((line + '\n').getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(program.name() + " reads no more", e);
    }
  }

  /** Lets it end by itself: nobody is told. {@link #start} takes that back. */
  public synchronized void letEnd() {
    wanted = false;
  }

  /** SIGKILL; returns when it is gone. */
  public synchronized void kill() {
    wanted = false;
    if (process != null && process.isAlive()) {
      process.destroyForcibly();
      await(process, KILLED_WITHIN);
    }
  }

  /** {@link #kill} for good. */
  synchronized void retire() {
    retired = true;
    kill();
  }

  /** {@link #stop(Duration)} with the patience that a router or an edge needs. */
  public boolean stop() {
    return stop(STOPPED_WITHIN);
  }

  /**
   * SIGTERM; returns when it is gone. One that does not end in time is killed.
   *
   * @return whether it ended by itself
   */
  public synchronized boolean stop(Duration patience) {
    wanted = false;
    if (process == null || !process.isAlive()) {
      return true;
    }
    signal("CONT");
    process.destroy();
    if (await(process, patience)) {
      return true;
    }
    kill();
    return false;
  }

  /** SIGSTOP: it stands still, its sockets stay open. */
  public synchronized void freeze() {
    running();
    signal("STOP");
  }

  /** SIGCONT. */
  public synchronized void thaw() {
    if (alive()) {
      signal("CONT");
    }
  }

  @Override
  public String toString() {
    return program.name();
  }

  private Process running() {
    if (process == null || !process.isAlive()) {
      throw new IllegalStateException(program.name() + " does not run");
    }
    return process;
  }

  private void ended(Process ended) {
    synchronized (this) {
      if (!wanted || ended != process) {
        return;
      }
      wanted = false;
    }
    endedByItself.accept(this);
  }

  /** The signals that Java does not know. */
  private void signal(String name) {
    try {
      new ProcessBuilder("/bin/kill", "-" + name, Long.toString(running().pid()))
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean await(Process process, Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
