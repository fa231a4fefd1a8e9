package io.runwire.processor.topology;

import io.runwire.event.Envelope;
import io.runwire.event.SourcePosition;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** Encrypts values on their way to thread-events. Thread-safe. */
@FunctionalInterface
public interface PayloadSeal {
  /** Leaves values as they are. */
  PayloadSeal OFF = (envelope, src, timestampMs, value) -> new Sealed(value, List.of());

  /**
   * A value as it goes to thread-events. May wait for the key of a thread that has none yet.
   *
   * @param src where its record stands in agent-events
   * @param timestampMs the record's stamp
   * @throws io.runwire.seal.KeysUnavailableException if there is no key now; the record is to be
   *     routed later
   */
  Sealed seal(Envelope envelope, SourcePosition src, long timestampMs, byte[] value);

  /**
   * What stands in thread-events.
   *
   * @param headers that say how it is sealed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sealed(byte[] value, List<Header> headers) {}
}
