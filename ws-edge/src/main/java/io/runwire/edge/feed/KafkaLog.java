package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogSource;
import io.runwire.edge.hub.Windows;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * thread-events as the hub sees it: the tail for what is new, the history readers for what is not,
 * and a watch that notices when the topics were created again.
 */
public final class KafkaLog implements LogSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KafkaLog.class);

  /** How often the topics' ids are asked for. */
  private static final Duration WATCH = Duration.ofSeconds(5);

  private final Admin admin;
  private final LogWatch watch;
  private final Windows windows;
  private final Tail tail;
  private final HistoryReaders history;
  private final RecordDecoder decoder = new RecordDecoder();
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "runwire-log-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile LogIdentity identity;
  private boolean watchTroubled;

  private KafkaLog(
      Admin admin,
      LogWatch watch,
      LogIdentity identity,
      Map<String, Object> kafka,
      long windowBytes,
      int historyReaders,
      Duration historyDeadline) {
    this.admin = admin;
    this.watch = watch;
    this.identity = identity;
    this.windows = new Windows(identity.partitions(), windowBytes);
    ConsumerFactory consumers = new ConsumerFactory(kafka);
    this.tail = new Tail(consumers, decoder, windows, this::identity);
    this.history =
        new HistoryReaders(consumers, decoder, this::identity, historyReaders, historyDeadline);
  }

  /**
   * Connects to the log, after checking that it is fit to be served.
   *
   * @param kafka settings of the Kafka clients
   * @param partitions that the log must have
   * @throws org.apache.kafka.common.config.ConfigException if the topics do not fit
   * @throws KafkaException if they cannot be asked
   */
  public static KafkaLog open(
      Map<String, Object> kafka,
      int partitions,
      long windowBytes,
      int historyReaders,
      Duration historyDeadline) {
    Admin admin = Admin.create(kafka);
    try {
      LogWatch watch = new LogWatch(admin);
      watch.check(partitions);
      KafkaLog opened =
          new KafkaLog(
              admin, watch, watch.identity(), kafka, windowBytes, historyReaders, historyDeadline);
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
    return identity;
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
  public CompletionStage<Chunk> read(HistoryRead read) {
    return history.read(read);
  }

  /** Bytes that the tail has read from Kafka. */
  public long tailBytesRead() {
    return tail.bytesRead();
  }

  /** Records in thread-events that were no events. */
  public long unreadableRecords() {
    return decoder.unreadable();
  }

  /** Whether the tail's thread runs. */
  public boolean alive() {
    return tail.alive();
  }

  @Override
  public void close() {
    watcher.shutdownNow();
    tail.close();
    history.close();
    admin.close(Duration.ofSeconds(2));
  }

  private void start() {
    tail.start();
    var unused =
        watcher.scheduleWithFixedDelay(
            this::look, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      LogIdentity now = watch.identity();
      watchTroubled = false;
      if (now.equals(identity)) {
        return;
      }
      if (now.partitions() != identity.partitions()) {
        log.error(
            "partitions changed from {} to {}: threads have moved, this edge must be restarted",
            identity.partitions(),
            now.partitions());
        return;
      }
      log.warn("the topics were created again: every reader starts anew ({})", now);
      identity = now;
      tail.reopenAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      if (!watchTroubled) {
        watchTroubled = true;
        log.warn("the topics cannot be described now: {}", e.toString());
      }
    }
  }
}
