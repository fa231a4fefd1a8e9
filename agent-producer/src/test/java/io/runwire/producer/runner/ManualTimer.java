package io.runwire.producer.runner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer and its clock, which move only when a test says so; what is due runs on its thread. */
final class ManualTimer extends ScheduledThreadPoolExecutor {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Alarm> alarms = new ArrayList<>(); // guarded by itself
  private volatile Instant now = START;

  ManualTimer() {
    super(0);
  }

  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }

  /** How long until the next alarm rings; empty if none is set. */
  Optional<Duration> next() {
    synchronized (alarms) {
      return alarms.stream()
          .filter(alarm -> !alarm.isDone())
          .map(alarm -> Duration.between(now, alarm.at))
          .min(Comparator.naturalOrder());
    }
  }

  void advance(Duration time) {
    now = now.plus(time);
    List<Alarm> due;
    synchronized (alarms) {
      due = alarms.stream().filter(alarm -> !alarm.at.isAfter(now)).sorted().toList();
      alarms.removeAll(due);
    }
    due.forEach(Alarm::run);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Alarm alarm = new Alarm(command, now.plusNanos(unit.toNanos(delay)));
    synchronized (alarms) {
      alarms.add(alarm);
    }
    return alarm;
  }

  private final class Alarm extends FutureTask<Boolean> implements ScheduledFuture<Boolean> {
    private final Instant at;

    Alarm(Runnable command, Instant at) {
      super(command, true);
      this.at = at;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(Duration.between(now, at));
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
