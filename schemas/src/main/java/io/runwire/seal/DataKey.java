package io.runwire.seal;

import io.runwire.event.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A thread's key: seals values by AES-256-GCM, and opens them. Immutable, thread-safe.
 *
 * <p>A sealed value is nonce, ciphertext and tag. It is bound to the envelope of its record and to
 * the key's name: moved to another record it does not open. The nonce is computed from all that is
 * sealed, so the same record is sealed to the same bytes each time it is routed, and no two
 * different ones share a nonce (what RFC 5297 calls a synthetic initialization vector).
 */
public final class DataKey {
  /** Bytes of a key. */
  public static final int BYTES = 32;

  /** Bytes by which a sealed value is longer. */
  public static final int OVERHEAD = 12 + 16;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final String MAC = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec sealing;
  private final SecretKeySpec naming;

  private DataKey(byte[] secret) {
    SecretKeySpec root = new SecretKeySpec(secret, MAC);
    this.sealing = new SecretKeySpec(mac(root, utf8("runwire seal 1, AES-256-GCM")), "AES");
    this.naming = new SecretKeySpec(mac(root, utf8("runwire seal 1, nonce")), MAC);
  }

  /** The key of this secret. */
  public static DataKey of(byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException(
          "data key: " + secret.length + " bytes (expected: " + BYTES + ")");
    }
    return new DataKey(secret);
  }

  /** A new secret. */
  public static byte[] random() {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    return secret;
  }

  /**
   * The value, sealed.
   *
   * @param envelope of its record as it stands in thread-events, with its source position
   */
  public byte[] seal(KeyName name, Envelope envelope, byte[] value) {
    byte[] binding = binding(name, envelope);
    byte[] nonce =
        Arrays.copyOf(
            mac(
                naming,
                ByteBuffer.allocate(Integer.BYTES).putInt(binding.length).array(),
                binding,
                value),
            NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, binding);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + value.length + TAG_BYTES);
      cipher.doFinal(value, 0, value.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * The value, opened; empty where it is not what was sealed by this key for this record.
   *
   * @param envelope of its record as it stands in thread-events
   */
  public Optional<byte[]> open(KeyName name, Envelope envelope, byte[] sealed) {
    if (sealed.length < OVERHEAD) {
      return Optional.empty();
    }
    try {
      Cipher cipher =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), binding(name, envelope));
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (AEADBadTagException altered) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] binding) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, sealing, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(binding);
    return cipher;
  }

  /** Names are of characters that leave no doubt where one ends. */
  private static byte[] binding(KeyName name, Envelope envelope) {
    return utf8(
        String.join(
            "\n",
            name.id(),
            envelope.thread(),
            envelope.run(),
            Integer.toString(envelope.attempt()),
            Long.toString(envelope.seq()),
            envelope.type().name(),
            Boolean.toString(envelope.ends()),
            envelope.src().orElseThrow().toString()));
  }

  private static byte[] mac(SecretKeySpec key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "DataKey[withheld]";
  }
}
