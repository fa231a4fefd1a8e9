package io.runwire.producer.runner;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads on which agents' code and its supervision run. Without a bound of its own: what is
 * started is bounded by each agent's bulkheads, so no agent can take another's thread. Daemons,
 * since code that cannot be interrupted must not keep the process alive.
 */
final class AgentThreads {
  private final Set<Task<?>> going = ConcurrentHashMap.newKeySet();
  private final ExecutorService pool;

  AgentThreads() {
    AtomicLong count = new AtomicLong();
    pool =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "runwire-agent-" + count.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts the task.
   *
   * @param onReturn told on its thread when the code has really returned
   */
  <T> void start(Task<T> task, Callable<T> code, Runnable onReturn) {
    going.add(task);
    pool.execute(
        () -> {
          try {
            task.run(code);
          } finally {
            going.remove(task);
            onReturn.run();
          }
        });
  }

  /** For supervision, which waits for Kafka at most. */
  void execute(Runnable work) {
    pool.execute(work);
  }

  int going() {
    return going.size();
  }

  /** Tasks that were given up and whose code has not returned yet. */
  int abandoned() {
    return (int) going.stream().filter(Task::isGivenUp).count();
  }

  void shutdown() {
    pool.shutdown();
  }
}
