package io.runwire.edge.hub;

import io.runwire.edge.settings.RetrySettings;
import io.runwire.edge.time.ManualClock;
import io.runwire.edge.time.ManualTimer;
import io.runwire.frame.GapReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One delivery loop over the fake log, all on the test's thread. */
final class Bench {
  static final Duration LINGER = Duration.ofSeconds(30);
  static final int MAX_SUBSCRIPTIONS = 4;

  /** The defaults. */
  static final RetrySettings RETRIES =
      new RetrySettings(Duration.ofSeconds(5), 3, Duration.ofSeconds(1), 32 << 10, 256, 1 << 20);

  private static final int PARTITIONS = 4;
  private static final int WINDOW_BYTES = 1 << 20;

  final ManualClock clock = new ManualClock();
  final ManualTimer timer = new ManualTimer(clock);
  final ManualExecutor executor = new ManualExecutor();
  final ReadBudget budget = new ReadBudget(WINDOW_BYTES);
  final CountedMetrics metrics = new CountedMetrics();
  final RecordedEvidence evidence = new RecordedEvidence();
  final FakeLog log;
  final Attachments attachments;

  /** Where the ledger says that a thread's open runs begin; it is away for all other threads. */
  final Map<String, OpenRuns.Start> ledger = new HashMap<>();

  private final DeliveryLoop loop;
  private final ReadPath path;
  private int connections;

  Bench() {
    this(WINDOW_BYTES);
  }

  Bench(long windowBytes) {
    this(windowBytes, RETRIES);
  }

  Bench(long windowBytes, RetrySettings retries) {
    log = new FakeLog(clock, PARTITIONS, windowBytes);
    attachments = new Attachments(log, LINGER, timer);
    loop = new DeliveryLoop(executor, log.windows());
    log.windows().onAdvance(loop::partitionAdvanced);
    OpenRuns openRuns =
        thread ->
            Optional.ofNullable(ledger.get(thread))
                .map(CompletableFuture::completedStage)
                .orElseGet(
                    () -> CompletableFuture.failedStage(new LedgerUnavailableException("away")));
    path =
        new ReadPath(
            log,
            log.windows(),
            budget,
            new Locator(log, log.windows(), openRuns, clock),
            clock,
            retries,
            metrics,
            evidence);
  }

  /** A new socket. */
  Client connect() {
    RecordingOutlet outlet = new RecordingOutlet();
    Connection connection =
        new Connection("c-" + connections++, outlet, loop, path, attachments, MAX_SUBSCRIPTIONS);
    loop.execute(() -> loop.add(connection));
    return new Client(this, connection, outlet);
  }

  /** Runs the loop until it has nothing to do. */
  void settle() {
    while (executor.runOne()) {
      // The next one.
    }
  }

  /** Time passes; the loop looks at every connection, as it does each second. */
  void pass(Duration time) {
    timer.advance(time);
    tick();
  }

  /** Time passes, and the loop has a slice of what is due then before it. */
  void due(Duration time) {
    timer.advance(time);
    loop.sweep();
  }

  void tick() {
    for (int i = 0; i < DeliveryLoop.SLICES; i++) {
      loop.sweep();
    }
    loop.pump();
    settle();
  }

  int connectionCount() {
    return loop.connectionCount();
  }

  long gaps(GapReason reason) {
    return metrics.gaps.stream().filter(reason::equals).count();
  }
}
