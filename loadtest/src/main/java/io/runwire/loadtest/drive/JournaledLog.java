package io.runwire.loadtest.drive;

import io.runwire.event.EventHeaders;
import io.runwire.loadtest.journal.Hashes;
import io.runwire.loadtest.journal.Sent;
import io.runwire.loadtest.journal.Sent.Result;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Another log, with a journal of what is handed to it: each event as {@code UNKNOWN} before it can
 * reach Kafka, and as {@code ACKED} once somebody asked and was told that it is settled. Events of
 * a run that is lost stay unknown: some of them may stand in the log.
 *
 * <p>It never answers {@code NO_ROOM}: what was journaled must be what is sent, so a fleet's agent
 * waits for room until the log takes its events or gives the run up. Safe from any thread.
 */
final class JournaledLog implements EventLog {
  private final EventLog log;
  private final Consumer<Sent> journal;
  private final Consumer<List<AgentEvent>> onSettled;
  private final LongSupplier wallMs;
  private final Map<RunAttempt, Lane> open = new ConcurrentHashMap<>();
  private final LongAdder written = new LongAdder();

  /**
   * @param onSettled told what is settled, in order
   * @param wallMs since the epoch
   */
  JournaledLog(
      EventLog log,
      Consumer<Sent> journal,
      Consumer<List<AgentEvent>> onSettled,
      LongSupplier wallMs) {
    this.log = log;
    this.journal = journal;
    this.onSettled = onSettled;
    this.wallMs = wallMs;
  }

  /** All events handed over so far. */
  long written() {
    return written.sum();
  }

  /** The events of an open attempt that were handed over so far; 0 for any other. */
  long written(RunAttempt attempt) {
    Lane lane = open.get(attempt);
    return lane == null ? 0 : lane.written();
  }

  /** The events of attempts that are still followed, and not known to be settled. */
  long unsettled() {
    return open.values().stream().mapToLong(Lane::unsettled).sum();
  }

  /** Stops following an attempt: it is settled, or lost. */
  void forget(RunAttempt attempt) {
    open.remove(attempt);
  }

  @Override
  public RunLane open(RunAttempt attempt, Duration lease) {
    Lane lane = new Lane(log.open(attempt, lease));
    open.put(attempt, lane);
    return lane;
  }

  @Override
  public ProducerMetrics metrics() {
    return log.metrics();
  }

  @Override
  public boolean close(Duration bound) {
    return log.close(bound);
  }

  private void journal(List<AgentEvent> events, Result result) {
    for (AgentEvent event : events) {
      RunAttempt attempt = event.attempt();
      boolean ends =
          event.type().terminal() && !"false".equals(event.headers().get(EventHeaders.FINAL));
      journal.accept(
          new Sent(
              wallMs.getAsLong(),
              attempt.thread(),
              attempt.run(),
              attempt.attempt(),
              event.seq(),
              event.type().name(),
              ends,
              Hashes.of(event.value()),
              result));
    }
  }

  private final class Lane implements RunLane {
    private final RunLane lane;
    private final List<AgentEvent> unsettled = new ArrayList<>(); // guarded by itself
    private volatile long handedOver;

    Lane(RunLane lane) {
      this.lane = lane;
    }

    long written() {
      return handedOver;
    }

    long unsettled() {
      synchronized (unsettled) {
        return unsettled.size();
      }
    }

    @Override
    public Admission offer(List<AgentEvent> events, Duration patience) {
      handOver(events);
      Admission admission;
      do {
        admission = lane.offer(events, patience);
      } while (admission == Admission.NO_ROOM && !Thread.currentThread().isInterrupted());
      return admission;
    }

    @Override
    public Admission append(List<AgentEvent> events) {
      handOver(events);
      return lane.append(events);
    }

    @Override
    public Settlement awaitSettled(Duration bound) {
      List<AgentEvent> asked;
      synchronized (unsettled) {
        asked = List.copyOf(unsettled); // what comes while we wait is for the next time
      }
      Settlement settlement = lane.awaitSettled(bound);
      if (settlement == Settlement.SETTLED && !asked.isEmpty()) {
        journal(asked, Result.ACKED);
        synchronized (unsettled) {
          unsettled.removeAll(asked);
        }
        onSettled.accept(asked);
      }
      return settlement;
    }

    @Override
    public Optional<Throwable> failure() {
      return lane.failure();
    }

    @Override
    public void close() {
      lane.close();
    }

    /** In the run's turn, one call at a time. */
    private void handOver(List<AgentEvent> events) {
      journal(events, Result.UNKNOWN);
      synchronized (unsettled) {
        unsettled.addAll(events);
      }
      handedOver += events.size();
      written.add(events.size());
    }
  }
}
