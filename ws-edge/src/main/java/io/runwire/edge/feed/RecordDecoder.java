package io.runwire.edge.feed;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogEntry;
import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.Envelope.Refused;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.SourcePosition;
import io.runwire.fold.Fold;
import io.runwire.frame.EventFrame;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a record of thread-events ready to be sent: reads its envelope, computes its cursor and
 * encodes its frame, once for all sockets. Thread-safe.
 *
 * <p>The router lets nothing else into thread-events; what is no event all the same is counted and
 * skipped.
 */
final class RecordDecoder {
  private static final Logger log = LoggerFactory.getLogger(RecordDecoder.class);

  private final Opener opener;
  private final AtomicLong unreadable = new AtomicLong();

  /**
   * @param opener of values that are encrypted
   */
  RecordDecoder(Opener opener) {
    this.opener = opener;
  }

  /**
   * The record, ready to be sent; empty where it is no event.
   *
   * @throws io.runwire.seal.KeysUnavailableException if it is encrypted and cannot be opened now
   */
  Optional<LogEntry> decode(LogIdentity identity, ConsumerRecord<byte[], byte[]> record) {
    Envelope.Reading reading = EnvelopeReader.read(record.key(), record.headers());
    if (reading instanceof Refused refused) {
      return skip(record, refused.reason() + ", " + refused.detail());
    }
    if (record.value() == null) {
      return skip(record, "no value");
    }
    Envelope envelope = ((Read) reading).envelope();
    int epoch = record.leaderEpoch().orElse(Cursor.NO_EPOCH);
    Cursor behind =
        new Cursor(
            identity,
            record.partition(),
            record.offset() + 1,
            epoch,
            envelope.src().map(SourcePosition::offset).orElse(Fold.NO_FLOOR),
            Cursor.hash(envelope.thread()));
    Header sealed = record.headers().lastHeader(EventHeaders.SEALED);
    byte[] value =
        sealed == null
            ? record.value()
            : opener.open(envelope, sealed, record.headers(), record.value());
    EventFrame frame = EventFrame.of(envelope, behind.encodeAscii(), record.timestamp(), value);
    return Optional.of(
        new LogEntry(identity, record.offset(), epoch, record.timestamp(), envelope, frame));
  }

  /** Records in thread-events that were no events. */
  long unreadable() {
    return unreadable.get();
  }

  private Optional<LogEntry> skip(ConsumerRecord<byte[], byte[]> record, String why) {
    if (unreadable.getAndIncrement() == 0) {
      log.warn(
          "thread-events-{} offset {} is no event ({}); further ones are only counted",
          record.partition(),
          record.offset(),
          why);
    }
    return Optional.empty();
  }
}
