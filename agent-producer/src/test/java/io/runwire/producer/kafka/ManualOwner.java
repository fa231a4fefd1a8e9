package io.runwire.producer.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** An owner thread that runs when the test says so, in the test's own time. */
final class ManualOwner implements OwnerThread {
  private final Queue<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::dueNs));
  private long nowNs;

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public void schedule(Runnable task, Duration delay) {
    timers.add(new Timer(task, nowNs + delay.toNanos()));
  }

  long nanoTime() {
    return nowNs;
  }

  /** Runs what is ready. */
  void run() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
      task.run();
    }
  }

  /** Lets time pass, then runs what is ready or due. */
  void advance(Duration time) {
    nowNs += time.toNanos();
    run();
    while (!timers.isEmpty() && timers.peek().dueNs() <= nowNs) {
      timers.remove().task().run();
    }
  }

  private record Timer(Runnable task, long dueNs) {}
}
