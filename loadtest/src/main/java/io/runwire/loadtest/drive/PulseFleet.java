package io.runwire.loadtest.drive;

import io.runwire.producer.AgentRun;
import io.runwire.producer.BackPressureException;
import io.runwire.producer.RunFailedException;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.UnsettledException;
import io.runwire.producer.log.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents that write {@linkplain Pulse pulses} by plan: one event after the other at a steady rate,
 * on the threads in turn, whether or not the last one has arrived. One run at a time on each
 * thread. Safe from any thread.
 */
final class PulseFleet implements Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(PulseFleet.class);

  /** Then a run ends and the next begins. */
  private static final int EVENTS_PER_RUN = 1_000;

  private static final Duration RUN_TIMEOUT = Duration.ofMinutes(10);

  private final Plan plan;
  private final Runwire runwire;
  private final Rate rate = new Rate(Clocks.SYSTEM.monotonicMs());
  private final LongAdder written = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final List<Writer> writers = new ArrayList<>();
  private final Thread thread;
  private volatile boolean ending;

  /**
   * What it is to write.
   *
   * @param bytes of an event, about so many
   * @param events of all; then it only waits to be closed. 0: no end
   */
  record Plan(List<String> threads, double perSecond, int bytes, long events) {}

  /**
   * As it stands now.
   *
   * @param refused events that the producer had no room for
   */
  record Status(long events, long eventsPerSecond, long refused) {}

  /**
   * @param kafka where they are written; closed with the fleet
   */
  PulseFleet(Plan plan, EventLog kafka) {
    this.plan = plan;
    this.runwire = Runwire.over(kafka);
    String padding = "x".repeat(plan.bytes());
    plan.threads().forEach(name -> writers.add(new Writer(name, padding)));
    this.thread = new Thread(this::write, "pulse");
    thread.start();
  }

  @Override
  public Status status() {
    long now = written.sum();
    return new Status(now, rate.look(now), refused.sum());
  }

  @Override
  public void command(String line) {
    throw new IllegalArgumentException("command: " + line + " (expected: none)");
  }

  @Override
  public void close() throws InterruptedException {
    ending = true;
    thread.join();
    writers.forEach(Writer::end);
    try {
      runwire.close();
    } catch (UnsettledException e) {
      LOG.warn("some pulses stay unknown: {}", e.getMessage());
    }
  }

  private void write() {
    double periodNs = 1e9 / plan.perSecond();
    long beganNs = System.nanoTime();
    long beganUs = Pulse.nowUs(Clock.systemUTC());
    try {
      for (long i = 0; !ending && (plan.events() == 0 || i < plan.events()); i++) {
        long afterNs = (long) (i * periodNs);
        TimeUnit.NANOSECONDS.sleep(beganNs + afterNs - System.nanoTime());
        writers.get((int) (i % writers.size())).write(beganUs + afterNs / 1_000);
        written.increment();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RunFailedException e) {
      LOG.error("the pulse ends", e);
    }
  }

  /** The runs of one thread; belongs to the fleet's thread. */
  private final class Writer {
    private final String threadName;
    private final String padding;
    private AgentRun run;
    private int events;

    Writer(String threadName, String padding) {
      this.threadName = threadName;
      this.padding = padding;
      this.run = begin();
    }

    void write(long dueUs) {
      if (events == EVENTS_PER_RUN) {
        run.complete();
        run = begin();
        events = 0;
      }
      try {
        run.custom(Pulse.NAME, Pulse.value(dueUs, padding));
        events++;
      } catch (BackPressureException e) {
        refused.increment();
      }
    }

    void end() {
      run.complete();
    }

    private AgentRun begin() {
      return runwire.startRun(RunOptions.onThread(threadName).withTimeout(RUN_TIMEOUT));
    }
  }
}
