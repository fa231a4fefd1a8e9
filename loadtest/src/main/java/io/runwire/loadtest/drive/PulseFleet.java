package io.runwire.loadtest.drive;

import io.runwire.producer.BackPressureException;
import io.runwire.producer.RunFailedException;
import io.runwire.producer.Runwire;
import io.runwire.producer.UnsettledException;
import io.runwire.producer.log.EventLog;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents that write {@linkplain Pulse pulses} by plan: one event after the other at a steady rate,
 * whether or not the last one has arrived. Safe from any thread.
 */
final class PulseFleet implements Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(PulseFleet.class);

  /** Then a run ends and the next begins. */
  private static final int EVENTS_PER_RUN = 1_000;

  private final Clock clock = Clock.systemUTC();
  private final Plan plan;
  private final Runwire runwire;
  private final Rate rate = new Rate(Clocks.SYSTEM.monotonicMs());
  private final LongAdder written = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Pulses pulses;
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
    this.pulses = new Pulses(runwire, plan.threads(), EVENTS_PER_RUN, plan.bytes());
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
    pulses.end();
    try {
      runwire.close();
    } catch (UnsettledException e) {
      LOG.warn("some pulses stay unknown: {}", e.getMessage());
    }
  }

  private void write() {
    double periodNs = 1e9 / plan.perSecond();
    long beganNs = System.nanoTime();
    try {
      for (long i = 0; !ending && (plan.events() == 0 || i < plan.events()); i++) {
        long afterNs = (long) (i * periodNs);
        TimeUnit.NANOSECONDS.sleep(beganNs + afterNs - System.nanoTime());
        // In this order, and each time: what comes between the clocks counts as the system's delay.
        long nowUs = Pulse.nowUs(clock);
        long lateNs = System.nanoTime() - beganNs - afterNs;
        write(nowUs - lateNs / 1_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RunFailedException e) {
      LOG.error("the pulse ends", e);
    }
  }

  private void write(long dueUs) {
    try {
      pulses.write(dueUs);
    } catch (BackPressureException e) {
      refused.increment();
    }
    written.increment();
  }
}
