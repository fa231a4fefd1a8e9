package io.runwire.edge.feed;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The figures of the history readers; their names are public API. Thread-safe. */
final class HistoryMeters {
  /** Why something was not read. */
  enum Refusal {
    QUEUE("too many reads of history wait"),
    WAITED("no history reader was free in time"),
    BREAKER("history could not be read, and is tried again soon");

    private final String message;

    Refusal(String message) {
      this.message = message;
    }

    String message() {
      return message;
    }
  }

  private final MeterRegistry registry;
  private final Timer waited;
  private final Timer read;
  private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);

  HistoryMeters(MeterRegistry registry) {
    this.registry = registry;
    this.waited =
        Timer.builder("runwire.edge.history.wait")
            .description("How long questions and scans waited for a consumer")
            .publishPercentileHistogram()
            .register(registry);
    this.read =
        Timer.builder("runwire.edge.history.read")
            .description("How long they kept it")
            .publishPercentileHistogram()
            .register(registry);
    for (Refusal why : Refusal.values()) {
      refused.put(
          why,
          registry.counter(
              "runwire.edge.history.refused", "why", why.name().toLowerCase(Locale.ROOT)));
    }
  }

  void waited(long ns) {
    waited.record(ns, TimeUnit.NANOSECONDS);
  }

  void read(long ns) {
    read.record(ns, TimeUnit.NANOSECONDS);
  }

  void refused(Refusal why) {
    Counter counter = refused.get(why);
    if (counter != null) {
      counter.increment();
    }
  }

  void publish(ReaderPool pool, RecentStretches recent, Stretches stretches) {
    Gauge.builder("runwire.edge.history.utilisation", pool, ReaderPool::utilisation)
        .description("Share of the history readers that are at work, 0 to 1")
        .register(registry);
    Gauge.builder("runwire.edge.history.waiting", pool, ReaderPool::waiting)
        .description("Questions and reads that wait for a history reader")
        .register(registry);
    Gauge.builder("runwire.edge.history.recent.bytes", recent, RecentStretches::bytes)
        .description("Recently read history that is kept for others")
        .register(registry);
    FunctionCounter.builder("runwire.edge.history.records", stretches, Stretches::recordsRead)
        .description("Records of history read from Kafka")
        .register(registry);
    FunctionCounter.builder("runwire.edge.kafka.read.bytes", stretches, Stretches::bytesRead)
        .description("Bytes of keys and values read from Kafka")
        .tag("reader", "history")
        .register(registry);
  }

  void publish(Breakers breakers) {
    for (State state : List.of(State.CLOSED, State.HALF_OPEN, State.OPEN)) {
      Gauge.builder("runwire.edge.history.breaker", breakers, each -> each.count(state))
          .description("Partitions whose breaker is in the state")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
