package io.runwire.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** A SHA-256 hash. Immutable. */
public final class Hash implements Comparable<Hash> {
  /** Length in bytes. */
  public static final int BYTES = 32;

  /** Thirty-two zero bytes: the head of a thread that has no records yet. */
  public static final Hash ZERO = new Hash(new byte[BYTES]);

  // RFC 6962 §2.1: a leaf can never be taken for a node.
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  /** Cloned for each use: cheaper than a look-up of the provider. */
  private static final MessageDigest SHA_256 = sha256();

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The hash with these 32 bytes. */
  static Hash copyOf(byte[] bytes, int from) {
    return new Hash(Arrays.copyOfRange(bytes, from, from + BYTES));
  }

  /** The hash of these bytes. */
  public static Hash of(byte[] bytes) {
    return new Hash(digest().digest(bytes));
  }

  /** The hash of a leaf with this content (RFC 6962 §2.1). */
  public static Hash leaf(byte[] content) {
    MessageDigest digest = digest();
    digest.update(LEAF);
    return new Hash(digest.digest(content));
  }

  /** The hash of the node above two others (RFC 6962 §2.1). */
  public static Hash node(Hash left, Hash right) {
    return joined(NODE, left, right);
  }

  static Hash joined(byte kind, Hash left, Hash right) {
    MessageDigest digest = digest();
    digest.update(kind);
    digest.update(left.bytes);
    return new Hash(digest.digest(right.bytes));
  }

  /** The hash that this base64 spells, or empty where it is none. */
  public static Optional<Hash> parse(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == BYTES ? Optional.of(new Hash(bytes)) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** In the order of the bytes, unsigned. */
  @Override
  public int compareTo(Hash other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** As base64 (RFC 4648 §4, padded). */
  @Override
  public String toString() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static MessageDigest digest() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      return sha256();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
