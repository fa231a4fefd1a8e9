package io.runwire.processor.keys;

import io.runwire.event.Envelope;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.event.Ids;
import io.runwire.event.SourcePosition;
import io.runwire.processor.ledger.RunFailure;
import io.runwire.processor.topology.PayloadSeal;
import io.runwire.seal.DataKeys;
import io.runwire.seal.KeyFollower;
import io.runwire.seal.KeyName;
import io.runwire.seal.KeyRing;
import io.runwire.seal.KeyWrapper;
import io.runwire.seal.KeysUnavailableException;
import io.runwire.seal.SealMark;
import io.runwire.seal.ThreadKeys;
import io.runwire.seal.ThreadKeys.Wrapped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals values, each by the key of its thread, which it makes where there is none. A key is used
 * once it was acknowledged and read back: so of two routers that make one at the same time both use
 * the first, and a router that has the key has read every erasure before it.
 */
public final class RouterKeys implements PayloadSeal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouterKeys.class);
  private static final Duration LOADED_WITHIN = Duration.ofSeconds(60);
  private static final Duration READ_BACK_WITHIN = Duration.ofSeconds(10);

  private final KeyRing ring;
  private final DataKeys dataKeys;
  private final KeyFollower follower;
  private final Producer<byte[], byte[]> producer;
  private final CompactionBeat beat;
  private final SealCounts counts;
  private final Thread thread;

  private RouterKeys(
      KeyRing ring,
      DataKeys dataKeys,
      KeyFollower follower,
      Producer<byte[], byte[]> producer,
      CompactionBeat beat,
      SealCounts counts) {
    this.ring = ring;
    this.dataKeys = dataKeys;
    this.follower = follower;
    this.producer = producer;
    this.beat = beat;
    this.counts = counts;
    this.thread = new Thread(() -> follower.run(new Listener()), "runwire-thread-keys");
    thread.setDaemon(true);
  }

  /**
   * Reads all keys and follows them from then on.
   *
   * @param kafka settings of the clients
   * @param partitions of the log
   * @param segment after which thread-keys closes a segment
   * @throws KafkaException if they cannot be read
   */
  public static RouterKeys open(
      Map<String, Object> kafka,
      int partitions,
      Duration segment,
      KeyWrapper wrapper,
      SealCounts counts) {
    KeyRing ring = new KeyRing(partitions);
    Consumer<byte[], byte[]> consumer = KeyClients.consumer(kafka);
    KeyFollower follower = new KeyFollower(consumer, partitions, ring, System::nanoTime);
    try {
      follower.load(LOADED_WITHIN);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    Producer<byte[], byte[]> producer = KeyClients.producer(kafka);
    RouterKeys opened =
        new RouterKeys(
            ring,
            new DataKeys(wrapper),
            follower,
            producer,
            new CompactionBeat(producer, segment),
            counts);
    opened.thread.start();
    for (int partition = 0; partition < partitions; partition++) {
      opened.beat.after(partition); // something may have been destroyed while no router ran
    }
    return opened;
  }

  /** Threads that have keys. */
  public int threads() {
    return ring.size();
  }

  @Override
  public Sealed seal(Envelope envelope, SourcePosition src, long timestampMs, byte[] value) {
    Envelope routed = envelope.routedFrom(src);
    long stretch = KeyName.stretch(timestampMs);
    ThreadKeys keys = ring.of(envelope.thread());
    if (keys.sealing(stretch).isEmpty() && !keys.erases(routed)) {
      keys = withNewKey(envelope.thread(), stretch);
    }
    if (keys.erases(routed)) {
      counts.erased();
      return new Sealed(new byte[0], headers(SealMark.NOTHING, routed, value));
    }
    Wrapped key =
        keys.sealing(stretch)
            .orElseThrow(() -> new KeysUnavailableException("the key was destroyed at once"));
    byte[] sealed = dataKeys.unwrapped(key).seal(key.name(), routed, value);
    counts.sealed();
    return new Sealed(sealed, headers(SealMark.by(key.name()), routed, value));
  }

  @Override
  public void close() {
    beat.close();
    follower.close();
    try {
      thread.join(READ_BACK_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(READ_BACK_WITHIN);
  }

  private ThreadKeys withNewKey(String thread, long stretch) {
    KeyName name = KeyName.random(thread, stretch);
    int partition = ring.partition(thread);
    long offset = KeyClients.append(producer, partition, name.recordKey(), dataKeys.wrapNew(name));
    counts.keyMade();
    try {
      if (!ring.await(partition, offset + 1, READ_BACK_WITHIN)) {
        throw new KeysUnavailableException("thread-keys is not read within " + READ_BACK_WITHIN);
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return ring.of(thread);
  }

  /** A code is no text: what is not of the form of an id stays in the value alone. */
  private static List<Header> headers(SealMark mark, Envelope envelope, byte[] value) {
    List<Header> headers = new ArrayList<>();
    headers.add(new RecordHeader(EventHeaders.SEALED, mark.header()));
    if (envelope.type() == EventType.RUN_ERROR) {
      String code = RunFailure.of(value).code();
      if (code != null && Ids.valid(code)) {
        headers.add(
            new RecordHeader(EventHeaders.ERROR_CODE, code.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return headers;
  }

  private final class Listener implements KeyFollower.Listener {
    @Override
    public void destroyed(KeyName name) {
      dataKeys.forget(name);
      beat.after(ring.partition(name.thread()));
      LOG.info("key destroyed: thread={} key={}", name.thread(), name.id());
    }

    @Override
    public void failed(KafkaException why) {
      LOG.warn("thread-keys cannot be read, trying again: {}", why.toString());
    }
  }
}
