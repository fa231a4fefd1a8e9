package io.runwire.edge.hub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs what it was handed when the test says so, in order. */
final class ManualExecutor implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  /** Runs the oldest task; false when there is none. */
  boolean runOne() {
    Runnable task = tasks.pollFirst();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  int waiting() {
    return tasks.size();
  }
}
