package io.runwire.edge.feed;

import io.runwire.event.Envelope;
import io.runwire.seal.KeysUnavailableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Opens values that the router has sealed. Thread-safe. */
@FunctionalInterface
interface Opener {
  /** Of an edge without keys. */
  Opener NONE =
      (envelope, how, headers, value) -> {
        throw new KeysUnavailableException(
            "thread-events holds encrypted values (expected: payload.encryption=on, and its key)");
      };

  /**
   * The agent's bytes, or what readers get in their place. May wait for a key.
   *
   * @param how the header that says how
   * @throws KeysUnavailableException if the key cannot be had now
   */
  byte[] open(Envelope envelope, Header how, Headers headers, byte[] value);
}
