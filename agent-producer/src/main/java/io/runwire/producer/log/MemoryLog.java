package io.runwire.producer.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A log in memory, without bound: shows in a test what an agent writes. Every event is settled as
 * soon as it is taken.
 */
public final class MemoryLog implements EventLog {
  private final List<AgentEvent> events = new ArrayList<>(); // guarded by itself

  /** All events so far, in the order in which they were written. */
  public List<AgentEvent> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  @Override
  public RunLane open(RunAttempt attempt, Duration lease) {
    return new Lane();
  }

  @Override
  public ProducerMetrics metrics() {
    return ProducerMetrics.settled(events().size());
  }

  @Override
  public boolean close(Duration bound) {
    return true;
  }

  private final class Lane implements RunLane {
    @Override
    public Admission offer(List<AgentEvent> offered, Duration patience) {
      return append(offered);
    }

    @Override
    public Admission append(List<AgentEvent> appended) {
      synchronized (events) {
        events.addAll(appended);
      }
      return Admission.TAKEN;
    }

    @Override
    public Settlement awaitSettled(Duration bound) {
      return Settlement.SETTLED;
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
