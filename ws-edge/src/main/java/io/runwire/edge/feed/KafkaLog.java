package io.runwire.edge.feed;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogSource;
import io.runwire.edge.hub.Windows;
import io.runwire.edge.settings.HistorySettings;
import io.runwire.edge.settings.LogSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * thread-events as the hub sees it: the tail for what is new, the history readers for what is not,
 * and a watch that notices when the topics were created again.
 */
public final class KafkaLog implements LogSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaLog.class);

  /**
   * How often the topics' ids are asked for where nothing is read; what is read is confirmed as it
   * comes, see {@link Incarnation}.
   */
  private static final Duration WATCH = Duration.ofSeconds(5);

  /** A broker that is frozen must not hold the tail longer: the next one is asked. */
  private static final int ADMIN_REQUEST_MS = 2_000;

  private final Admin admin;
  private final Optional<EdgeKeys> keys;
  private final Incarnation incarnation;
  private final Windows windows;
  private final Tail tail;
  private final HistoryReaders history;
  private final ScheduledExecutorService watcher = daemon("runwire-log-watch");
  private final ScheduledExecutorService timer = daemon("runwire-history-timer");

  private KafkaLog(
      Admin admin,
      LogWatch watch,
      Incarnation incarnation,
      LogSettings settings,
      HistorySettings historySettings,
      MeterRegistry registry) {
    this.admin = admin;
    this.incarnation = incarnation;
    this.windows = new Windows(incarnation.now().partitions(), settings.windowBytes());
    ConsumerFactory consumers = new ConsumerFactory(settings.kafka());
    this.keys =
        settings
            .payloadKeys()
            .map(
                wrapper ->
                    new EdgeKeys(
                        wrapper,
                        consumers.threadKeys(),
                        settings.partitions(),
                        watch::end,
                        registry));
    RecordDecoder decoder = new RecordDecoder(keys.<Opener>map(some -> some).orElse(Opener.NONE));
    this.history =
        new HistoryReaders(
            historySettings, consumers::historyReader, decoder, incarnation, timer, registry);
    this.tail =
        new Tail(consumers.tail(), decoder, windows, incarnation, watch::end, history::forget);
    publish(registry, decoder);
  }

  /**
   * Connects to the log, after checking that it is fit to be served.
   *
   * @param registry for the figures of this edge's reading
   * @throws org.apache.kafka.common.config.ConfigException if the topics do not fit
   * @throws KafkaException if they cannot be asked
   */
  public static KafkaLog open(
      LogSettings settings, HistorySettings history, MeterRegistry registry) {
    Map<String, Object> asAdmin = new HashMap<>(settings.kafka());
    asAdmin.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_REQUEST_MS);
    Admin admin = Admin.create(asAdmin);
    try {
      LogWatch watch = new LogWatch(admin);
      watch.check(settings.partitions(), settings.payloadKeys().isPresent());
      KafkaLog opened =
          new KafkaLog(admin, watch, new Incarnation(watch::identity), settings, history, registry);
      opened.start();
      return opened;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      admin.close(Duration.ZERO);
      throw new KafkaException("interrupted while the topics were described", e);
    } catch (ExecutionException | TimeoutException e) {
      admin.close(Duration.ZERO);
      throw new KafkaException("the topics cannot be described: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  public Windows windows() {
    return windows;
  }

  @Override
  public LogIdentity identity() {
    return incarnation.now();
  }

  @Override
  public boolean away() {
    return incarnation.away();
  }

  @Override
  public void attach(int partition) {
    tail.attach(partition);
  }

  @Override
  public void detach(int partition) {
    tail.detach(partition);
  }

  @Override
  public CompletionStage<Bounds> bounds(int partition) {
    return history.bounds(partition);
  }

  @Override
  public CompletionStage<Standing> locate(
      int partition, long offset, int leaderEpoch, OptionalLong notBeforeMs) {
    return history.locate(partition, offset, leaderEpoch, notBeforeMs);
  }

  @Override
  public CompletionStage<Long> since(int partition, long timestampMs) {
    return history.since(partition, timestampMs);
  }

  @Override
  public CompletionStage<Chunk> read(HistoryRead read) {
    return history.read(read);
  }

  /** Whether the threads that read it run. */
  public boolean alive() {
    return tail.alive() && history.alive();
  }

  @Override
  public void close() {
    watcher.shutdownNow();
    timer.shutdownNow();
    tail.close();
    history.close();
    keys.ifPresent(EdgeKeys::close);
    admin.close(Duration.ofSeconds(2));
  }

  private void start() {
    tail.start();
    history.start();
    keys.ifPresent(following -> following.start(this::forget));
    var unused =
        watcher.scheduleWithFixedDelay(
            this::look, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was erased must not be read from memory. */
  private void forget(int partition) {
    history.forget(partition);
    tail.reload(partition);
  }

  private void look() {
    try {
      incarnation.look();
      tail.wakeup();
    } catch (KafkaException e) {
      log.debug("looking again in {}: {}", WATCH, e.toString());
    }
  }

  private void publish(MeterRegistry registry, RecordDecoder decoder) {
    FunctionCounter.builder("runwire.edge.kafka.read.bytes", tail, Tail::bytesRead)
        .description("Bytes of keys and values read from Kafka")
        .tag("reader", "tail")
        .register(registry);
    Gauge.builder("runwire.edge.window.bytes", windows, Windows::bytes)
        .description("Bytes in all windows")
        .register(registry);
    Gauge.builder("runwire.edge.records.unreadable", decoder, RecordDecoder::unreadable)
        .description("Records in thread-events that were no events")
        .register(registry);
  }

  private static ScheduledExecutorService daemon(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
