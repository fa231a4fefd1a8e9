package io.runwire.edge.time;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A timer that moves only when a test says so, and its clock with it. Thread-safe. */
public final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {
  private final ManualClock clock;
  private final AtomicLong turn = new AtomicLong();
  private final TreeSet<Task> tasks =
      new TreeSet<>(Comparator.<Task, Instant>comparing(t -> t.due).thenComparing(t -> t.turn));
  private boolean shutdown;

  public ManualTimer(ManualClock clock) {
    this.clock = clock;
  }

  /** Moves on, running on this thread what falls due on the way, at its time. */
  public void advance(Duration by) {
    Instant until = clock.instant().plus(by);
    for (Optional<Task> task = dueBy(until); task.isPresent(); task = dueBy(until)) {
      moveTo(task.get().due);
      task.get().run();
    }
    moveTo(until);
  }

  /** How many tasks wait. */
  public synchronized int waiting() {
    return tasks.size();
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(new Task(command, Duration.of(delay, unit.toChronoUnit()), Duration.ZERO));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return add(
        new Task(
            command,
            Duration.of(initialDelay, unit.toChronoUnit()),
            Duration.of(delay, unit.toChronoUnit())));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return scheduleWithFixedDelay(command, initialDelay, period, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("runnables only");
  }

  @Override
  public void execute(Runnable command) {
    throw new UnsupportedOperationException("timed tasks only");
  }

  @Override
  public synchronized void shutdown() {
    shutdown = true;
    tasks.clear();
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return isShutdown();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isShutdown();
  }

  private synchronized Task add(Task task) {
    tasks.add(task);
    return task;
  }

  private synchronized void remove(Task task) {
    tasks.remove(task);
  }

  private synchronized Optional<Task> dueBy(Instant until) {
    Optional<Task> next = tasks.stream().findFirst().filter(task -> !task.due.isAfter(until));
    next.ifPresent(tasks::remove);
    return next;
  }

  private void moveTo(Instant instant) {
    clock.advance(Duration.between(clock.instant(), instant));
  }

  private final class Task extends FutureTask<@Nullable Void> implements ScheduledFuture<Void> {
    private final Duration period;
    private final long turn = ManualTimer.this.turn.getAndIncrement();
    private Instant due;

    Task(Runnable command, Duration delay, Duration period) {
      super(command, null);
      this.period = period;
      this.due = clock.instant().plus(delay);
    }

    @Override
    public void run() {
      if (period.isZero()) {
        super.run();
      } else if (runAndReset()) {
        due = due.plus(period);
        Task unused = add(this);
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      remove(this);
      return super.cancel(mayInterrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(Duration.between(clock.instant(), due));
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
