package io.runwire.loadtest.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Fingerprints of event values: the first 64 bits of their SHA-256, big-endian; in a journal the
 * first 16 hex digits. Two different values of ten million share one with a chance below 10⁻⁵, and
 * a flipped bit never keeps it.
 */
public final class Hashes {
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(Hashes::newDigest);

  private Hashes() {}

  /** The fingerprint of these bytes; safe from any thread. */
  public static long of(byte[] value) {
    return ByteBuffer.wrap(SHA_256.get().digest(value)).getLong();
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
