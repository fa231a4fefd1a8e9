package io.runwire.loadtest.drive;

import io.runwire.loadtest.drive.ScriptedRun.Script;
import io.runwire.loadtest.drive.ScriptedRun.State;
import io.runwire.loadtest.journal.JournalWriter;
import io.runwire.loadtest.journal.Sent;
import io.runwire.producer.Runwire;
import io.runwire.producer.UnsettledException;
import io.runwire.producer.log.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents at work through the real producer: runs begin at a steady rate, each makes a move per
 * interval on one of a few threads. Safe from any thread.
 */
final class AgentFleet implements Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(AgentFleet.class);

  private static final int WORKERS = 4;

  /** While Kafka is away, runs wait to be settled; beyond so many no new ones begin. */
  private static final int MAX_GOING = 5_000;

  private static final Duration SETTLED_POLL = Duration.ofMillis(50);

  /** How much longer than a run's timeout, after which it is settled or lost, the end may take. */
  private static final Duration END_SLACK = Duration.ofSeconds(5);

  /**
   * What a fleet is to do.
   *
   * @param interval between a run's moves
   */
  record Plan(
      List<String> threads, double runsPerSecond, Duration interval, Script script, long seed) {}

  private final Plan plan;
  private final JournaledLog log;
  private final Runwire runwire;
  private final JournalWriter<Sent> journal;
  private final Strays strays;
  private final SplittableRandom random; // in begin() only, which one thread runs at a time
  private final Set<ScriptedRun> going = ConcurrentHashMap.newKeySet();
  private final LongAdder begun = new LongAdder();
  private final LongAdder settled = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final Rate rate = new Rate(Clocks.SYSTEM.monotonicMs());
  private final ScheduledExecutorService workers = new ScheduledThreadPoolExecutor(WORKERS);
  private volatile boolean ending;

  /**
   * @param kafka where runs are written; closed with the fleet, as the journal and the strays are
   */
  AgentFleet(Plan plan, EventLog kafka, JournalWriter<Sent> journal, Strays strays) {
    this.plan = plan;
    this.journal = journal;
    this.strays = strays;
    this.random = new SplittableRandom(plan.seed());
    this.log = new JournaledLog(kafka, journal::write, strays::settled, Clocks.SYSTEM.wallMs());
    this.runwire = Runwire.over(log);
    long periodNs = (long) (1e9 / plan.runsPerSecond());
    var unused = workers.scheduleAtFixedRate(this::begin, 0, periodNs, TimeUnit.NANOSECONDS);
  }

  /**
   * As it stands now.
   *
   * @param runs begun so far
   * @param settled of those, ended and known to stand in the log
   * @param lost of those, given up by the producer
   * @param unsettled events handed over and not yet known to be settled
   */
  record Status(
      long runs,
      long going,
      long settled,
      long lost,
      long events,
      long eventsPerSecond,
      long unsettled,
      long repeats,
      long poison) {}

  @Override
  public Status status() {
    long written = log.written();
    return new Status(
        begun.sum(),
        going.size(),
        settled.sum(),
        lost.sum(),
        written,
        rate.look(written),
        log.unsettled(),
        strays.repeats(),
        strays.poison());
  }

  @Override
  public void command(String line) {
    throw new IllegalArgumentException("command: " + line + " (expected: none)");
  }

  /** Begins no more runs, ends those that are going, and waits until they are settled or lost. */
  @Override
  public void close() throws InterruptedException {
    ending = true;
    long deadlineNs = System.nanoTime() + plan.script().timeout().plus(END_SLACK).toNanos();
    synchronized (going) {
      while (!going.isEmpty() && System.nanoTime() < deadlineNs) {
        TimeUnit.NANOSECONDS.timedWait(going, deadlineNs - System.nanoTime());
      }
    }
    workers.shutdownNow();
    try {
      runwire.close();
    } catch (UnsettledException e) {
      LOG.warn("{} events stay unknown: {}", log.unsettled(), e.getMessage());
    }
    strays.close();
    journal.close();
  }

  private void begin() {
    if (ending || going.size() >= MAX_GOING) {
      return;
    }
    String thread = plan.threads().get(random.nextInt(plan.threads().size()));
    try {
      ScriptedRun run = new ScriptedRun(runwire, log, thread, plan.script(), random.split());
      begun.increment();
      going.add(run);
      next(run, plan.interval());
    } catch (RuntimeException e) { // or no run would begin any more
      LOG.error("a run did not begin on {}", thread, e);
    }
  }

  private void next(ScriptedRun run, Duration delay) {
    var unused = workers.schedule(() -> move(run), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void move(ScriptedRun run) {
    try {
      State state = run.move(ending);
      switch (state) {
        case WRITING -> next(run, plan.interval());
        case SETTLING -> next(run, SETTLED_POLL);
        case SETTLED -> done(run, settled);
        case LOST -> done(run, lost);
      }
    } catch (RuntimeException e) {
      LOG.error("a run stopped moving", e);
      done(run, lost);
    }
  }

  private void done(ScriptedRun run, LongAdder how) {
    how.increment();
    synchronized (going) {
      going.remove(run);
      going.notifyAll();
    }
  }
}
