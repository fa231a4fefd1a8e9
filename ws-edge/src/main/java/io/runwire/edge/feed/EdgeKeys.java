package io.runwire.edge.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.runwire.event.Envelope;
import io.runwire.event.EventHeaders;
import io.runwire.event.Ids;
import io.runwire.seal.DataKeys;
import io.runwire.seal.KeyFollower;
import io.runwire.seal.KeyName;
import io.runwire.seal.KeyRing;
import io.runwire.seal.KeyWrapper;
import io.runwire.seal.KeysUnavailableException;
import io.runwire.seal.LostEvent;
import io.runwire.seal.SealMark;
import io.runwire.seal.ThreadKeys.Wrapped;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads' keys, as this edge follows them, and what they open. Thread-safe.
 *
 * <p>A key that is not there was destroyed, or has not been read yet. It was acknowledged before
 * anything was sealed by it: so once thread-keys was read up to where it ends now, after the record
 * was read, the key is there or will never be.
 */
final class EdgeKeys implements Opener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EdgeKeys.class);
  private static final Duration LOADED_WITHIN = Duration.ofSeconds(60);

  /** The tail waits for it, and with it every partition; then the others go on. */
  private static final Duration READ_WITHIN = Duration.ofMillis(500);

  private static final int DESTROYED_REMEMBERED = 10_000;

  private final KeyRing ring;
  private final DataKeys dataKeys;
  private final KeyFollower follower;
  private final Function<TopicPartition, CompletionStage<OffsetAndMetadata>> end;
  private final Thread thread = new Thread(this::follow, "runwire-thread-keys");
  private final AtomicBoolean altered = new AtomicBoolean();

  /** When a partition of thread-keys was waited for in vain. */
  private final Map<Integer, Long> inVainNs = new ConcurrentHashMap<>();

  private final Counter opened;
  private final Counter erasures;
  private final Counter alterations;
  private final Counter awaited;

  /** Keys that are known to be no more: no id is used twice. */
  private final Map<KeyName, Boolean> destroyed =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<KeyName, Boolean> eldest) {
              return size() > DESTROYED_REMEMBERED;
            }
          });

  private volatile IntConsumer forget = partition -> {};

  /**
   * Reads all keys.
   *
   * @param partitions of the log
   * @param end where a partition ends now
   * @throws KafkaException if thread-keys cannot be read
   */
  EdgeKeys(
      KeyWrapper wrapper,
      Consumer<byte[], byte[]> consumer,
      int partitions,
      Function<TopicPartition, CompletionStage<OffsetAndMetadata>> end,
      MeterRegistry registry) {
    this.ring = new KeyRing(partitions);
    this.dataKeys = new DataKeys(wrapper);
    this.follower = new KeyFollower(consumer, partitions, ring, System::nanoTime);
    this.end = end;
    this.opened = values(registry, "opened");
    this.erasures = values(registry, "erased");
    this.alterations = values(registry, "altered");
    this.awaited =
        Counter.builder("runwire.edge.keys.awaited")
            .description("Keys that were not there when a record needed them")
            .register(registry);
    Gauge.builder("runwire.edge.keys.threads", ring, KeyRing::size)
        .description("Threads that have keys")
        .register(registry);
    thread.setDaemon(true);
    try {
      follower.load(LOADED_WITHIN);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * Begins to follow.
   *
   * @param forgets is told of each partition of which this edge may hold what was erased now
   */
  void start(IntConsumer forgets) {
    forget = forgets;
    thread.start();
  }

  @Override
  public byte[] open(Envelope envelope, Header sealed, Headers headers, byte[] value) {
    SealMark mark =
        SealMark.parse(sealed.value())
            .orElseThrow(
                () -> new KeysUnavailableException("a value is sealed in a format unknown here"));
    Optional<Wrapped> key = mark.keyId().flatMap(id -> find(new KeyName(envelope.thread(), id)));
    if (key.isEmpty()) {
      erasures.increment();
      return LostEvent.ERASED.inPlaceOf(envelope, code(headers));
    }
    Optional<byte[]> plain =
        envelope.src().isEmpty()
            ? Optional.empty()
            : dataKeys.unwrapped(key.get()).open(key.get().name(), envelope, value);
    if (plain.isEmpty()) {
      alterations.increment();
      if (altered.compareAndSet(false, true)) {
        log.error(
            "a value is not what was sealed: thread={} run={}; further ones are only counted",
            envelope.thread(),
            envelope.run());
      }
      return LostEvent.ALTERED.inPlaceOf(envelope, code(headers));
    }
    opened.increment();
    return plain.get();
  }

  @Override
  public void close() {
    follower.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Wrapped> find(KeyName name) {
    Optional<Wrapped> key = ring.of(name.thread()).named(name.id());
    if (key.isPresent() || destroyed.containsKey(name)) {
      return key;
    }
    awaited.increment();
    readUpToNow(ring.partition(name.thread()));
    key = ring.of(name.thread()).named(name.id());
    if (key.isEmpty()) {
      destroyed.put(name, true);
    }
    return key;
  }

  /** Waits; where that was in vain a moment ago, others do not. */
  private void readUpToNow(int partition) {
    Long lastNs = inVainNs.get(partition);
    if (lastNs != null && System.nanoTime() - lastNs < READ_WITHIN.toNanos()) {
      throw new KeysUnavailableException("thread-keys-" + partition + " was not read a moment ago");
    }
    try {
      waitFor(partition);
      inVainNs.remove(partition);
    } catch (KeysUnavailableException e) {
      inVainNs.put(partition, System.nanoTime());
      throw e;
    }
  }

  private void waitFor(int partition) {
    TopicPartition tp = new TopicPartition(Topic.THREAD_KEYS.topicName(), partition);
    try {
      OffsetAndMetadata now =
          end.apply(tp).toCompletableFuture().get(READ_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      if (!ring.await(partition, now.offset(), READ_WITHIN)) {
        throw new KeysUnavailableException(tp + " was not read within " + READ_WITHIN);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new KeysUnavailableException("where " + tp + " ends cannot be told", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void follow() {
    follower.run(
        new KeyFollower.Listener() {
          @Override
          public void destroyed(KeyName name) {
            destroyed.put(name, true);
            dataKeys.forget(name);
            forget.accept(ring.partition(name.thread()));
            log.info("key destroyed: thread={} key={}", name.thread(), name.id());
          }

          @Override
          public void failed(KafkaException why) {
            log.warn("thread-keys cannot be read, trying again: {}", why.toString());
          }
        });
  }

  /** The code of a RUN_ERROR, if it is of the form that needs no escaping. */
  private static Optional<String> code(Headers headers) {
    return Optional.ofNullable(headers.lastHeader(EventHeaders.ERROR_CODE))
        .map(header -> new String(header.value(), StandardCharsets.UTF_8))
        .filter(Ids::valid);
  }

  private static Counter values(MeterRegistry registry, String outcome) {
    return Counter.builder("runwire.edge.sealed")
        .description("Sealed values that were read, by what came of it")
        .tag("outcome", outcome)
        .register(registry);
  }
}
