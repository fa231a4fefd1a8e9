package io.runwire.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key by which data keys are wrapped (AES-256-GCM, bound to the data key's name). Its text is a
 * secret of one line. Immutable, thread-safe.
 */
public final class MasterKey {
  private static final String PREFIX = "RUNWIRE+MASTER+";
  private static final int BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;
  private final int id;

  private MasterKey(byte[] secret) {
    this.secret = secret;
    this.id = id(secret);
  }

  /** A new key. */
  public static MasterKey generate() {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    return new MasterKey(secret);
  }

  /** What {@link #secret} wrote, or empty where it is no key. */
  public static Optional<MasterKey> parse(String line) {
    String text = line.strip();
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] secret = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return secret.length == BYTES ? Optional.of(new MasterKey(secret)) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The key as a line of text: whoever has it, and thread-keys, can read everything. */
  public String secret() {
    return PREFIX + Base64.getEncoder().encodeToString(secret);
  }

  byte[] wrap(KeyName name, byte[] dataKey) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] wrapped = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(dataKey);
      return ByteBuffer.allocate(ID_BYTES + NONCE_BYTES + wrapped.length)
          .putInt(id)
          .put(nonce)
          .put(wrapped)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** The data key; empty where it was wrapped by another key, or for another name. */
  Optional<byte[]> unwrap(KeyName name, byte[] wrapped) {
    if (wrapped.length < ID_BYTES + NONCE_BYTES || ByteBuffer.wrap(wrapped).getInt() != id) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOfRange(wrapped, ID_BYTES, ID_BYTES + NONCE_BYTES);
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, nonce, name)
              .doFinal(wrapped, ID_BYTES + NONCE_BYTES, wrapped.length - ID_BYTES - NONCE_BYTES));
    } catch (GeneralSecurityException altered) {
      return Optional.empty();
    }
  }

  /** Tells keys apart; says nothing of them. */
  private static int id(byte[] secret) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(secret)).getInt();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, KeyName name) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.recordKey());
    return cipher;
  }

  @Override
  public String toString() {
    return "MasterKey[withheld]";
  }
}
