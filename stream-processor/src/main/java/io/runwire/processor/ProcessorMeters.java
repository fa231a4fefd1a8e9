package io.runwire.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.runwire.event.RejectReason;
import io.runwire.fold.Verdict;
import io.runwire.processor.keys.RouterKeys;
import io.runwire.processor.keys.SealCounts;
import io.runwire.processor.ledger.LedgerCounts;
import io.runwire.processor.topology.RoutingCounts;
import io.runwire.processor.watchdog.EndCode;
import io.runwire.processor.watchdog.WatchdogCounts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.kafka.streams.KafkaStreams;

/** The processor's metrics. Their names are public API. Thread-safe. */
final class ProcessorMeters
    implements RoutingCounts, LedgerCounts, WatchdogCounts, SealCounts, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final Counter accepted = counter("runwire.router.accepted", "Records to thread-events");
  private final Counter reentered =
      counter("runwire.router.rekeyed", "Records sent to the partition of their thread");
  private final Function<RejectReason, Counter> rejected =
      byEach(
          RejectReason.class,
          reason ->
              Counter.builder("runwire.router.rejected")
                  .description("Records to rejected-events")
                  .tag("reason", reason.name())
                  .register(registry));
  private final Function<Verdict, Counter> folded =
      byEach(
          Verdict.class,
          verdict ->
              Counter.builder("runwire.ledger.folded")
                  .description("Records of thread-events by what a reader does with them")
                  .tag("verdict", verdict.name())
                  .register(registry));
  private final Counter unreadable =
      counter("runwire.ledger.unreadable", "Records of thread-events that no router wrote");

  private final Counter sealed = counter("runwire.router.sealed", "Values that were encrypted");
  private final Counter erased =
      counter("runwire.router.erased", "Values that were erased before they were routed");
  private final Counter keysMade = counter("runwire.router.keys.made", "Keys of threads made");

  private final Function<EndCode, Counter> ended =
      byEach(
          EndCode.class,
          code ->
              Counter.builder("runwire.watchdog.ended")
                  .description("Ends of runs written; the agent may have been faster")
                  .tag("code", code.name())
                  .register(registry));
  private final Counter restarted =
      counter("runwire.watchdog.restarts", "Times that a partition's timers began anew");

  /** What the watchdog has in hand, by partition. */
  private final Map<Integer, Watching> watching = new ConcurrentHashMap<>();

  private record Watching(int runs, Duration overdue) {}

  private final List<KafkaStreamsMetrics> streamsMetrics = new CopyOnWriteArrayList<>();

  ProcessorMeters() {
    Gauge.builder(
            "runwire.watchdog.runs",
            watching,
            all -> all.values().stream().mapToInt(Watching::runs).sum())
        .description("Open runs under watch")
        .register(registry);
    Gauge.builder("runwire.watchdog.overdue", watching, ProcessorMeters::longestOverdueSeconds)
        .description("For how long the earliest deadline of a run has passed without a word")
        .baseUnit("seconds")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  void bind(KafkaStreams streams) {
    KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
    metrics.bindTo(registry);
    streamsMetrics.add(metrics);
  }

  void bind(RouterKeys keys) {
    Gauge.builder("runwire.router.keys.threads", keys, RouterKeys::threads)
        .description("Threads that have keys")
        .register(registry);
  }

  /** All of them, in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void accepted() {
    accepted.increment();
  }

  @Override
  public void rejected(RejectReason reason) {
    rejected.apply(reason).increment();
  }

  @Override
  public void reentered() {
    reentered.increment();
  }

  @Override
  public void sealed() {
    sealed.increment();
  }

  @Override
  public void erased() {
    erased.increment();
  }

  @Override
  public void keyMade() {
    keysMade.increment();
  }

  @Override
  public void folded(Verdict verdict) {
    folded.apply(verdict).increment();
  }

  @Override
  public void unreadable() {
    unreadable.increment();
  }

  @Override
  public void ended(EndCode code) {
    ended.apply(code).increment();
  }

  @Override
  public void restarted() {
    restarted.increment();
  }

  @Override
  public void watching(int partition, int runs, Duration overdue) {
    watching.put(partition, new Watching(runs, overdue));
  }

  @Override
  public void released(int partition) {
    watching.remove(partition);
  }

  @Override
  public void close() {
    streamsMetrics.forEach(KafkaStreamsMetrics::close);
    registry.close();
  }

  private static double longestOverdueSeconds(Map<Integer, Watching> watching) {
    return watching.values().stream().mapToLong(one -> one.overdue().toMillis()).max().orElse(0)
        / 1_000.0;
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static <E extends Enum<E>> Function<E, Counter> byEach(
      Class<E> keys, Function<E, Counter> register) {
    Map<E, Counter> counters = new EnumMap<>(keys);
    for (E key : keys.getEnumConstants()) {
      counters.put(key, register.apply(key));
    }
    return counters::get;
  }
}
