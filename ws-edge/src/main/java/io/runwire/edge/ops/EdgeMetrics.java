package io.runwire.edge.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.runwire.edge.bounds.BoundsMetrics;
import io.runwire.edge.bounds.Eviction;
import io.runwire.edge.bounds.Refusal;
import io.runwire.edge.http.ReplayMetrics;
import io.runwire.edge.hub.DeliveryMetrics;
import io.runwire.edge.hub.RetryCause;
import io.runwire.fold.Verdict;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.GapReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The edge's figures. Their names are public API; ids of users, runs and threads are never labels.
 * Thread-safe.
 */
public final class EdgeMetrics
    implements DeliveryMetrics, BoundsMetrics, ReplayMetrics, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter delivered = registry.counter("runwire.edge.events.delivered");
  private final Counter bytes = registry.counter("runwire.edge.bytes.delivered");
  private final Timer latency =
      Timer.builder("runwire.edge.delivery.latency")
          .description("From the agent's append to the end of the write, of events not replayed")
          .publishPercentileHistogram()
          .register(registry);
  private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
  private final Map<GapReason, Counter> gaps = new EnumMap<>(GapReason.class);
  private final Map<ErrorCode, Counter> outages = new EnumMap<>(ErrorCode.class);
  private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);
  private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
  private final Map<Eviction, Counter> evictions = new EnumMap<>(Eviction.class);
  private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
  private final Counter handshakesTimedOut = registry.counter("runwire.edge.handshakes.timed.out");
  private final Map<RetryCause, Counter> givenUp = new EnumMap<>(RetryCause.class);
  private final Counter redelivered = registry.counter("runwire.edge.events.redelivered");
  private final Counter replayed = registry.counter("runwire.edge.replay.events");
  private final Counter replayedBytes = registry.counter("runwire.edge.replay.bytes");
  private final Map<ReplayEnd, Counter> replays = new EnumMap<>(ReplayEnd.class);
  private final AtomicInteger stalled = new AtomicInteger();
  private final JvmGcMetrics gc = new JvmGcMetrics();

  public EdgeMetrics() {
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict, registry.counter("runwire.edge.fold", "verdict", verdict.name()));
    }
    for (GapReason reason : GapReason.values()) {
      gaps.put(reason, registry.counter("runwire.edge.gaps", "reason", reason.name()));
    }
    for (ErrorCode code : List.of(ErrorCode.LOG_UNAVAILABLE, ErrorCode.LEDGER_UNAVAILABLE)) {
      outages.put(code, registry.counter("runwire.edge.unavailable", "code", code.name()));
    }
    for (ErrorCode code : ErrorCode.values()) {
      errors.put(code, registry.counter("runwire.edge.errors", "code", code.name()));
    }
    for (CloseCode code : CloseCode.values()) {
      closes.put(code, registry.counter("runwire.edge.closes", "code", code.name()));
    }
    for (Eviction why : Eviction.values()) {
      evictions.put(why, registry.counter("runwire.edge.evictions", "cause", why.name()));
    }
    for (Refusal why : Refusal.values()) {
      refusals.put(why, registry.counter("runwire.edge.refusals", "cause", why.name()));
    }
    for (RetryCause cause : RetryCause.values()) {
      givenUp.put(cause, registry.counter("runwire.edge.given.up", "cause", cause.name()));
    }
    for (ReplayEnd how : ReplayEnd.values()) {
      replays.put(how, registry.counter("runwire.edge.replays", "end", how.name()));
    }
    gauge("runwire.edge.stalled", "Sockets that do not drain now", stalled::get);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /**
   * Publishes a figure that is read when the metrics are scraped.
   *
   * @param labels names and values in turn
   */
  public void gauge(String name, String description, Supplier<Number> value, String... labels) {
    Gauge.builder(name, value).description(description).tags(labels).register(registry);
  }

  /** Where a part that counts on its own registers its figures. */
  public MeterRegistry registry() {
    return registry;
  }

  /** In Prometheus's text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void judged(Verdict verdict) {
    count(verdicts.get(verdict));
  }

  @Override
  public void gap(GapReason reason) {
    count(gaps.get(reason));
  }

  @Override
  public void unavailable(ErrorCode code) {
    count(outages.get(code));
  }

  @Override
  public void refused(ErrorCode code) {
    count(errors.get(code));
  }

  /** A request over HTTP was answered with that status. */
  public void answered(int status) {
    registry.counter("runwire.edge.http.responses", "status", Integer.toString(status)).increment();
  }

  @Override
  public void delivered(int size) {
    delivered.increment();
    bytes.increment(size);
  }

  @Override
  public void latency(long ms) {
    latency.record(Math.max(0, ms), TimeUnit.MILLISECONDS);
  }

  @Override
  public void closed(CloseCode code) {
    count(closes.get(code));
  }

  @Override
  public void evicted(Eviction why) {
    count(evictions.get(why));
  }

  @Override
  public void refused(Refusal why) {
    count(refusals.get(why));
  }

  @Override
  public void handshakeTimedOut() {
    handshakesTimedOut.increment();
  }

  @Override
  public void stalled(int change) {
    stalled.addAndGet(change);
  }

  @Override
  public void retried(RetryCause cause, int step) {
    registry
        .counter("runwire.edge.retries", "cause", cause.name(), "step", Integer.toString(step))
        .increment();
  }

  @Override
  public void gaveUp(RetryCause cause) {
    count(givenUp.get(cause));
  }

  @Override
  public void replayed(int events, long size) {
    replayed.increment(events);
    replayedBytes.increment(size);
  }

  @Override
  public void replayEnded(ReplayEnd how) {
    count(replays.get(how));
  }

  @Override
  public void redelivered() {
    redelivered.increment();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  /** Every constant has its counter; the maps are filled by the constructor. */
  private static void count(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }
}
