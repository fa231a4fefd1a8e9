package io.runwire.processor.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The notary's metrics. Their names are public API. Thread-safe. */
final class NotaryMeters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter records =
      Counter.builder("runwire.notary.records.signed")
          .description("Records under a signed checkpoint")
          .register(registry);
  private final Counter checkpoints =
      Counter.builder("runwire.notary.checkpoints")
          .description("Checkpoints signed")
          .register(registry);
  private final Timer writes =
      Timer.builder("runwire.notary.write")
          .description("From signing to the end of the transaction and the archive's write")
          .register(registry);
  private final Map<StoppedException.Reason, AtomicInteger> stopped =
      new EnumMap<>(StoppedException.Reason.class);

  NotaryMeters() {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    for (StoppedException.Reason reason : StoppedException.Reason.values()) {
      AtomicInteger count = new AtomicInteger();
      stopped.put(reason, count);
      Gauge.builder("runwire.notary.partitions.stopped", count, AtomicInteger::get)
          .description("Partitions that cannot be signed: somebody has to look")
          .tag("reason", reason.name())
          .register(registry);
    }
  }

  /** Publishes a figure that is read when the metrics are scraped. */
  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  void signed(long newRecords) {
    checkpoints.increment();
    records.increment(newRecords);
  }

  Timer writes() {
    return writes;
  }

  void stopped(StoppedException.Reason reason, int change) {
    AtomicInteger count = stopped.get(reason);
    if (count != null) {
      count.addAndGet(change);
    }
  }

  /** All of them, in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
