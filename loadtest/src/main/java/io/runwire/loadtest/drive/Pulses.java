package io.runwire.loadtest.drive;

import io.runwire.producer.AgentRun;
import io.runwire.producer.BackPressureException;
import io.runwire.producer.RunFailedException;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import java.time.Duration;
import java.util.List;

/**
 * Writes {@linkplain Pulse pulses} on some threads in turn, one run at a time on each of them. The
 * next run begins when the last one ends, not when its first pulse is due. Belongs to one thread.
 */
public final class Pulses {
  private static final Duration RUN_TIMEOUT = Duration.ofMinutes(10);

  private final Runwire runwire;
  private final int eventsPerRun;
  private final String padding;
  private final List<Writer> writers;
  private int next;

  /**
   * @param threads a name for each
   * @param eventsPerRun then it ends
   * @param bytes of an event, about so many
   */
  public Pulses(Runwire runwire, List<String> threads, int eventsPerRun, int bytes) {
    this.runwire = runwire;
    this.eventsPerRun = eventsPerRun;
    this.padding = "x".repeat(bytes);
    this.writers = threads.stream().map(Writer::new).toList();
  }

  /**
   * Writes one on the next thread.
   *
   * @param dueUs when it was to be written, by whatever clock its reader has
   * @throws BackPressureException if there is no room for it; it is not written
   * @throws RunFailedException if its run is lost
   */
  public void write(long dueUs) {
    Writer writer = writers.get(next);
    next = (next + 1) % writers.size();
    writer.write(dueUs);
  }

  /** Ends all runs. */
  public void end() {
    writers.forEach(writer -> writer.run.complete());
  }

  /** The runs of one thread. */
  private final class Writer {
    private final String thread;
    private AgentRun run;
    private int events;

    Writer(String thread) {
      this.thread = thread;
      this.run = begin();
    }

    void write(long dueUs) {
      run.custom(Pulse.NAME, Pulse.value(dueUs, padding));
      if (++events == eventsPerRun) {
        run.complete();
        run = begin();
        events = 0;
      }
    }

    private AgentRun begin() {
      return runwire.startRun(RunOptions.onThread(thread).withTimeout(RUN_TIMEOUT));
    }
  }
}
