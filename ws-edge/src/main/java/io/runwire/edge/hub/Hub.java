package io.runwire.edge.hub;

import io.runwire.edge.settings.DeliverySettings;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.event.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Where sockets meet the log. Spreads connections over the delivery loops and tells the loops what
 * was appended. Thread-safe.
 */
public final class Hub implements AutoCloseable {
  /** How often connections are looked at without cause: retries that are due, quiet threads. */
  private static final Duration TICK = Duration.ofSeconds(1);

  /**
   * How often each is looked at for deadlines, in slices; so much later than its time one may be
   * seen.
   */
  private static final Duration SWEEP = Duration.ofMillis(250);

  private final ReadPath path;
  private final Attachments attachments;
  private final List<DeliveryLoop> loops = new ArrayList<>();
  private final List<ExecutorService> threads = new ArrayList<>();
  private final ScheduledExecutorService timer;
  private final int maxSubscriptions;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * Starts the delivery loops.
   *
   * @param settings how many loops, and subscriptions of a connection
   * @param retries how long a peer is waited for
   * @param linger how long a partition stays attached after its last subscription
   */
  public Hub(
      LogSource log,
      Windows windows,
      ReadBudget budget,
      OpenRuns openRuns,
      DeliveryMetrics metrics,
      DeliveryEvidence evidence,
      Clock clock,
      DeliverySettings settings,
      RetrySettings retries,
      Duration linger) {
    this.path =
        new ReadPath(
            log,
            windows,
            budget,
            new Locator(log, windows, openRuns, clock),
            clock,
            retries,
            metrics,
            evidence);
    this.maxSubscriptions = settings.maxSubscriptions();
    this.timer = Executors.newSingleThreadScheduledExecutor(daemon("runwire-timer"));
    this.attachments = new Attachments(log, linger, timer);
    for (int i = 0; i < settings.threads(); i++) {
      ExecutorService thread = Executors.newSingleThreadExecutor(daemon("runwire-delivery-" + i));
      threads.add(thread);
      loops.add(new DeliveryLoop(thread, windows));
    }
    windows.onAdvance(partition -> loops.forEach(loop -> loop.partitionAdvanced(partition)));
    each(TICK, DeliveryLoop::pump);
    each(SWEEP.dividedBy(DeliveryLoop.SLICES), DeliveryLoop::sweep);
  }

  /** A new connection over a socket; the caller tells it when the socket is gone. */
  public Connection connect(Outlet outlet) {
    DeliveryLoop loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    Connection connection =
        new Connection(Ids.random("c"), outlet, loop, path, attachments, maxSubscriptions);
    loop.execute(() -> loop.add(connection));
    return connection;
  }

  /**
   * Reads a stretch of a thread once.
   *
   * @param executor on which what was read is dealt with
   * @return fails with {@link LogUnavailableException}, or {@link Replay.NoSuchEndException}
   */
  public CompletionStage<Replay> replay(ReplayRequest request, Executor executor) {
    return Replay.open(request, path, executor);
  }

  /** Connections that are open now, streams included. */
  public int connections() {
    return loops.stream().mapToInt(DeliveryLoop::connectionCount).sum();
  }

  /** Partitions that this edge owns now. */
  public int partitionsOwned() {
    return attachments.count();
  }

  /** Stops the loops; sockets are closed by whoever opened them. */
  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdownNow);
    timer.shutdownNow();
  }

  private void each(Duration period, Consumer<DeliveryLoop> action) {
    long ms = period.toMillis();
    var unused =
        timer.scheduleWithFixedDelay(() -> loops.forEach(action), ms, ms, TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
