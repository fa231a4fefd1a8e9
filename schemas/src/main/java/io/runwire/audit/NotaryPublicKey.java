package io.runwire.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key that tells whether a notary signed a note: Ed25519, in the form of C2SP signed-note,
 * {@code <name>+<id in hex>+<base64 of 0x01 and the key>}.
 *
 * @param name of the notary
 * @param id four bytes that name the key in a signature, in hex
 */
public record NotaryPublicKey(String name, String id, PublicKey key) {
  static final byte ED25519 = 1;
  static final int ID_BYTES = 4;
  private static final int KEY_BYTES = 32;

  // RFC 8410 §4: an Ed25519 key in X.509 form is these bytes and the key's 32.
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** The key of a notary. */
  static NotaryPublicKey of(String name, PublicKey key) {
    return new NotaryPublicKey(name, HexFormat.of().formatHex(id(name, raw(key))), key);
  }

  /** What {@link #toString} wrote, or empty where it is no key of ours, or not of its id. */
  public static Optional<NotaryPublicKey> parse(String text) {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3 || !Origin.validName(parts[0])) {
      return Optional.empty();
    }
    try {
      byte[] typed = Base64.getDecoder().decode(parts[2]);
      if (typed.length != 1 + KEY_BYTES || typed[0] != ED25519) {
        return Optional.empty();
      }
      byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
      System.arraycopy(typed, 1, x509, X509_PREFIX.length, KEY_BYTES);
      NotaryPublicKey key =
          of(
              parts[0],
              KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509)));
      return key.id.equals(parts[1]) ? Optional.of(key) : Optional.empty();
    } catch (IllegalArgumentException | GeneralSecurityException noKey) {
      return Optional.empty();
    }
  }

  /** Whether {@link NotaryKey#seal} made this of these bytes. */
  boolean sealed(byte[] content, String seal) {
    try {
      return signed(content, Base64.getDecoder().decode(seal));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  boolean signed(byte[] text, byte[] signature) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(key);
      ed25519.update(text);
      return ed25519.verify(signature);
    } catch (GeneralSecurityException noSignature) {
      return false;
    }
  }

  /** The key as a line of text, to be given to those who verify. */
  @Override
  public String toString() {
    byte[] typed = new byte[1 + KEY_BYTES];
    typed[0] = ED25519;
    System.arraycopy(raw(key), 0, typed, 1, KEY_BYTES);
    return name + "+" + id + "+" + Base64.getEncoder().encodeToString(typed);
  }

  private static byte[] id(String name, byte[] raw) {
    byte[] named = (name + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(named, named.length + 1 + KEY_BYTES);
    all[named.length] = ED25519;
    System.arraycopy(raw, 0, all, named.length + 1, KEY_BYTES);
    return Arrays.copyOf(Hash.of(all).bytes(), ID_BYTES);
  }

  private static byte[] raw(PublicKey key) {
    byte[] x509 = key.getEncoded();
    return Arrays.copyOfRange(x509, x509.length - KEY_BYTES, x509.length);
  }
}
