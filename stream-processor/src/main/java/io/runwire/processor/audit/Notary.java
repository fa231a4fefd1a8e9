package io.runwire.processor.audit;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.processor.audit.CheckpointLog.Standing;
import io.runwire.processor.audit.StoppedException.Reason;
import io.runwire.processor.http.HttpPort;
import io.runwire.processor.http.ManagementHandler;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running notary: one thread that reads thread-events in a consumer group of its own and signs
 * what lies there. A checkpoint and the offset that it covers are committed in one transaction, so
 * that of two notaries that both believe to own a partition only one can write.
 *
 * <p>A partition whose log contradicts what was signed is not signed any further; it is counted and
 * logged, and the others go on.
 */
public final class Notary implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notary.class);
  private static final String SOURCE = Topic.THREAD_EVENTS.topicName();
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
  private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

  private final NotaryConfig config;
  private final Clock clock;
  private final Uuid topicId;
  private final CheckpointArchive archive;
  private final NotaryMeters meters = new NotaryMeters();
  private final Map<Integer, NotarisedPartition> partitions = new TreeMap<>();
  private final Map<Integer, Reason> stopped = new HashMap<>();
  private final AtomicLong unsigned = new AtomicLong();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "runwire-notary");
  private final HttpPort management;
  private volatile KafkaConsumer<byte[], byte[]> consumer;
  private CheckpointWriter writer;
  private Instant forgetAt;

  /**
   * Starts a notary.
   *
   * @throws RuntimeException if Kafka cannot be reached, the topics do not fit or the port is taken
   * @throws IOException if the archive's folder cannot be written
   */
  public static Notary start(NotaryConfig config) throws IOException {
    return start(config, Clock.systemUTC());
  }

  static Notary start(NotaryConfig config, Clock clock) throws IOException {
    Notary notary = new Notary(config, clock);
    notary.thread.start();
    LOG.info(
        "notary started: kafka={} group={} key={}",
        config.bootstrapServers(),
        config.groupId(),
        config.key().publicKey());
    return notary;
  }

  private Notary(NotaryConfig config, Clock clock) throws IOException {
    this.config = config;
    this.clock = clock;
    this.archive = new CheckpointArchive(config.archive());
    try (Admin admin = Admin.create(NotaryClients.admin(config))) {
      topicId =
          TopicSetup.check(admin, config.partitions(), config.auditPeriod(), false)
              .log()
              .threadEvents();
    }
    this.consumer = NotaryClients.source(config);
    this.writer = writer();
    this.forgetAt = clock.instant().plus(FORGET_EVERY);
    meters.gauge(
        "runwire.notary.lag.records", "Records in the log that are not signed", unsigned::get);
    this.management =
        HttpPort.open(
            "management.port",
            config.managementHost(),
            config.managementPort(),
            new ManagementHandler(thread::isAlive, thread::isAlive, meters::scrape));
  }

  public int managementPort() {
    return management.port();
  }

  /** Signs what was read, leaves the group. */
  @Override
  public void close() {
    stop.countDown();
    consumer.wakeup();
    try {
      thread.join(CLOSE_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    management.close();
    meters.close();
  }

  private void run() {
    boolean fresh = true;
    boolean begun = false;
    while (stop.getCount() > 0) {
      try {
        if (!begun) {
          if (!fresh) {
            renew();
          }
          fresh = false;
          begin();
          begun = true;
        }
        turn();
      } catch (WakeupException closing) {
        // The loop's condition says why.
      } catch (InterruptException e) {
        begun = false;
        break;
      } catch (KafkaException | IOException e) {
        LOG.warn("notary: beginning again from the last checkpoint, since {}", e.toString());
        begun = false;
        pause();
      }
    }
    if (begun) { // otherwise what the partitions hold as signed may not have been written
      signAll();
    }
    consumer.close();
    writer.close();
    LOG.info("notary stopped");
  }

  /** Takes new clients: whatever was read and not committed is read again. */
  private void renew() {
    List.copyOf(partitions.keySet()).forEach(this::release);
    List.copyOf(stopped.keySet()).forEach(this::release);
    consumer.close();
    writer.close();
    consumer = NotaryClients.source(config);
    writer = writer();
  }

  private void begin() {
    writer.begin();
    consumer.subscribe(
        Set.of(SOURCE),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            assigned.forEach(tp -> resume(tp.partition()));
          }

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(tp -> release(tp.partition()));
          }
        });
  }

  private CheckpointWriter writer() {
    return new CheckpointWriter(NotaryClients.producer(config), archive, meters);
  }

  private void pause() {
    try {
      if (stop.await(TRY_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("closed while waiting for Kafka");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.countDown();
    }
  }

  private void turn() throws IOException {
    ConsumerRecords<byte[], byte[]> records = poll();
    Map<Integer, List<AuditRecord>> signed = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      NotarisedPartition partition = partitions.get(record.partition());
      if (partition != null) {
        try {
          partition.add(record, clock.instant());
          sign(record.partition(), partition, signed);
        } catch (StoppedException e) {
          stop(record.partition(), e);
        }
      }
    }
    partitions.forEach((p, partition) -> sign(p, partition, signed));
    if (!signed.isEmpty()) {
      long begun = System.nanoTime();
      writer.write(signed, partitions, consumer.groupMetadata());
      meters.writes().record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    }
    measureLag();
    forget();
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      LOG.warn("notary: {}", e.getMessage());
      e.offsetOutOfRangePartitions().keySet().forEach(tp -> resume(tp.partition()));
      return ConsumerRecords.empty();
    }
  }

  private void sign(int p, NotarisedPartition partition, Map<Integer, List<AuditRecord>> signed) {
    Instant now = clock.instant();
    if (partition.due(now)) {
      signed.computeIfAbsent(p, key -> new ArrayList<>()).addAll(partition.sign(config.key(), now));
    }
  }

  /** Finds out where a partition stands and goes on from there, or does not. */
  private void resume(int p) {
    release(p);
    TopicPartition tp = new TopicPartition(SOURCE, p);
    Origin origin = new Origin(config.key().publicKey().name(), topicId, p);
    try (KafkaConsumer<byte[], byte[]> reader = NotaryClients.checkpoints(config);
        KafkaConsumer<byte[], byte[]> undecided = NotaryClients.undecided(config)) {
      // Waits for a predecessor's transaction to be decided, before its checkpoints are read.
      OffsetAndMetadata committed = consumer.committed(Set.of(tp)).get(tp);
      Standing standing =
          new CheckpointLog(reader, undecided, archive, config.keys(), clock)
              .standing(origin, memoryOffset(committed));
      long start = consumer.beginningOffsets(Set.of(tp)).getOrDefault(tp, 0L);
      long end = consumer.endOffsets(Set.of(tp)).getOrDefault(tp, 0L);
      new LogCheck(reader, tp, topicId).check(standing, start, end);
      PartitionTree tree = standing.tree().orElseGet(() -> new PartitionTree(origin, start));
      if (tree.nextOffset() < start) {
        LOG.warn("notary: {} offsets {} to {} were gone unsigned", tp, tree.nextOffset(), start);
        tree.skipTo(start);
      }
      partitions.put(
          p,
          new NotarisedPartition(
              tree,
              standing.ahead(),
              standing.sinceMemory(),
              config.everyRecords(),
              config.every()));
      consumer.seek(tp, tree.nextOffset());
    } catch (StoppedException e) {
      consumer.seek(tp, consumer.endOffsets(Set.of(tp)).getOrDefault(tp, 0L));
      stop(p, e);
    } catch (IOException e) {
      throw new KafkaException("the archive cannot be read", e);
    }
  }

  private static Optional<Long> memoryOffset(@Nullable OffsetAndMetadata committed) {
    if (committed == null || !committed.metadata().matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(committed.metadata()));
  }

  private void stop(int p, StoppedException why) {
    LOG.error(
        "notary: partition {} is NOT signed any further, {}: {}",
        p,
        why.reason(),
        why.getMessage());
    partitions.remove(p);
    stopped.put(p, why.reason());
    meters.stopped(why.reason(), 1);
    consumer.pause(Set.of(new TopicPartition(SOURCE, p)));
  }

  private void release(int p) {
    partitions.remove(p);
    Reason reason = stopped.remove(p);
    if (reason != null) {
      meters.stopped(reason, -1);
    }
  }

  private void signAll() {
    Map<Integer, List<AuditRecord>> signed = new TreeMap<>();
    partitions.forEach(
        (p, partition) -> {
          if (partition.unsigned() > 0 && partition.mayBeSigned()) {
            signed.put(p, partition.sign(config.key(), clock.instant()));
          }
        });
    try {
      if (!signed.isEmpty()) {
        writer.write(signed, partitions, consumer.groupMetadata());
      }
    } catch (KafkaException | IOException e) {
      LOG.warn("notary: what was read last is signed by the next one, since {}", e.toString());
    }
  }

  private void measureLag() {
    long sum = 0;
    for (Map.Entry<Integer, NotarisedPartition> of : partitions.entrySet()) {
      sum += of.getValue().unsigned();
      sum += consumer.currentLag(new TopicPartition(SOURCE, of.getKey())).orElse(0L);
    }
    unsigned.set(sum);
  }

  private void forget() {
    Instant now = clock.instant();
    if (now.isBefore(forgetAt)) {
      return;
    }
    forgetAt = now.plus(FORGET_EVERY);
    List<TopicPartition> owned =
        partitions.keySet().stream().map(p -> new TopicPartition(SOURCE, p)).toList();
    consumer
        .beginningOffsets(owned)
        .forEach(
            (tp, start) ->
                Optional.ofNullable(partitions.get(tp.partition()))
                    .ifPresent(partition -> partition.forgetBefore(start)));
  }
}
