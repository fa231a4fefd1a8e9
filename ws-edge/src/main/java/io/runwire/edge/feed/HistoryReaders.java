package io.runwire.edge.feed;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogSource.Bounds;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.LogSource.Standing;
import io.runwire.edge.hub.LogSource.Truncated;
import io.runwire.edge.settings.HistorySettings;
import io.runwire.edge.time.SteadyClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers questions about the log behind the windows, by a pool of consumers; refuses what it
 * cannot answer in time. Thread-safe.
 */
final class HistoryReaders implements AutoCloseable {
  /** How long a position past the end may be a follower's lag rather than a truncation. */
  private static final Duration PAST_END_PATIENCE = Duration.ofSeconds(5);

  private static final Duration PAST_END_FIRST_PAUSE = Duration.ofMillis(200);

  private static final Duration EXPIRE_EVERY = Duration.ofMillis(250);

  private final ReaderPool pool;
  private final Positions positions;
  private final RecentStretches recent;
  private final Stretches stretches;
  private final ScheduledExecutorService timer;

  /** Questions not taken up yet: who asks the same gets the same answer. Guarded by this. */
  private final Map<Integer, CompletionStage<Bounds>> asked = new HashMap<>();

  /**
   * @param timer of patience and of what waits too long
   */
  HistoryReaders(
      HistorySettings settings,
      Supplier<LogConsumer> consumers,
      RecordDecoder decoder,
      Incarnation incarnation,
      ScheduledExecutorService timer,
      MeterRegistry registry) {
    this.timer = timer;
    this.recent = new RecentStretches(settings.recentBytes());
    this.stretches =
        new Stretches(incarnation, decoder, recent, new Pace(settings.bytesPerSecond()));
    this.positions = new Positions(settings.deadline(), System::nanoTime);
    HistoryMeters meters = new HistoryMeters(registry);
    Breakers breakers = new Breakers(settings, new SteadyClock());
    this.pool =
        new ReaderPool(
            settings,
            consumers,
            stretches,
            breakers,
            scans(settings.readers()),
            meters,
            System::nanoTime);
    meters.publish(pool, recent, stretches);
    meters.publish(breakers);
  }

  void start() {
    pool.start();
    var unused =
        timer.scheduleWithFixedDelay(
            pool::expire, EXPIRE_EVERY.toMillis(), EXPIRE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Where a partition begins and ends: no earlier than now. */
  synchronized CompletionStage<Bounds> bounds(int partition) {
    CompletionStage<Bounds> same = asked.get(partition);
    if (same != null) {
      return same;
    }
    CompletionStage<Bounds> question =
        pool.ask(
            partition,
            consumer -> {
              takenUp(partition);
              return positions.bounds(consumer.kafka(), partition);
            });
    asked.put(partition, question);
    // Where it is refused, nobody takes it up.
    return question.whenComplete((bounds, failure) -> ended(partition, question));
  }

  private synchronized void takenUp(int partition) {
    asked.remove(partition);
  }

  private synchronized void ended(int partition, CompletionStage<Bounds> question) {
    asked.remove(partition, question);
  }

  CompletionStage<Standing> locate(
      int partition, long offset, int leaderEpoch, OptionalLong notBeforeMs) {
    CompletableFuture<Standing> answer = new CompletableFuture<>();
    new Locating(partition, offset, leaderEpoch, notBeforeMs, answer).ask(Duration.ZERO);
    return answer;
  }

  CompletionStage<Long> since(int partition, long timestampMs) {
    return pool.ask(
        partition, consumer -> positions.since(consumer.kafka(), partition, timestampMs));
  }

  CompletionStage<Chunk> read(HistoryRead read) {
    return pool.read(read);
  }

  /** Whether all its threads run. */
  boolean alive() {
    return pool.alive();
  }

  /** The log may have been set back: what was read of the partition is not to be trusted. */
  void forget(int partition) {
    recent.forget(partition);
  }

  @Override
  public void close() {
    pool.close();
  }

  /** Leaves a consumer to the questions, where there is more than one. */
  static Bulkhead scans(int readers) {
    return Bulkhead.of(
        "history-scans",
        BulkheadConfig.custom()
            .maxConcurrentCalls(Math.max(1, readers - 1))
            .maxWaitDuration(Duration.ZERO)
            .build());
  }

  /** A position that is looked up again while it lies past the end; no consumer waits for that. */
  private final class Locating {
    private final int partition;
    private final long offset;
    private final int leaderEpoch;
    private final OptionalLong notBeforeMs;
    private final CompletableFuture<Standing> answer;

    Locating(
        int partition,
        long offset,
        int leaderEpoch,
        OptionalLong notBeforeMs,
        CompletableFuture<Standing> answer) {
      this.partition = partition;
      this.offset = offset;
      this.leaderEpoch = leaderEpoch;
      this.notBeforeMs = notBeforeMs;
      this.answer = answer;
    }

    void ask(Duration waited) {
      boolean patient = waited.compareTo(PAST_END_PATIENCE) < 0;
      var unused =
          pool.ask(
                  partition,
                  consumer ->
                      positions.standing(
                          consumer.kafka(), partition, offset, leaderEpoch, notBeforeMs, patient))
              .whenComplete(
                  (standing, failure) -> {
                    if (standing == null) {
                      answer.completeExceptionally(failure);
                    } else if (standing.isPresent()) {
                      if (standing.get() instanceof Truncated) {
                        forget(partition);
                      }
                      answer.complete(standing.get());
                    } else {
                      askLater(waited);
                    }
                  });
    }

    /** Each pause doubles the time waited. */
    private void askLater(Duration waited) {
      Duration left = PAST_END_PATIENCE.minus(waited);
      Duration doubled = waited.isZero() ? PAST_END_FIRST_PAUSE : waited;
      Duration pause = doubled.compareTo(left) < 0 ? doubled : left;
      var unused =
          timer.schedule(() -> ask(waited.plus(pause)), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
