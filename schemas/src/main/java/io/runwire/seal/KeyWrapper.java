package io.runwire.seal;

/**
 * Wraps data keys, so that thread-keys holds none that can be used without it. {@link
 * MasterKeyFile} is the one that is shipped; for a key management service implement this and name
 * the class in {@code payload.key.wrapper}. Where it is {@link
 * org.apache.kafka.common.Configurable} it is given the settings; it needs a public constructor
 * without parameters.
 *
 * <p>Thread-safe. May take its time: what was unwrapped is kept for a while.
 */
public interface KeyWrapper {
  /**
   * The key, wrapped for this name alone.
   *
   * @throws KeysUnavailableException if it cannot be done now
   */
  byte[] wrap(KeyName name, byte[] dataKey);

  /**
   * What {@link #wrap} was given.
   *
   * @throws KeysUnavailableException if it cannot be done now, or not by this wrapper: a key that
   *     cannot be unwrapped is never taken for one that was erased
   */
  byte[] unwrap(KeyName name, byte[] wrapped);
}
