package io.runwire.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key by which a notary signs. Its text is a secret of one line: {@code PRIVATE+RUNWIRE+<public
 * key's line> <base64 of PKCS #8>}.
 */
public final class NotaryKey {
  private static final String PREFIX = "PRIVATE+RUNWIRE+";

  private final NotaryPublicKey publicKey;
  private final PrivateKey privateKey;

  private NotaryKey(NotaryPublicKey publicKey, PrivateKey privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  /** A new key of a notary with this name. */
  public static NotaryKey generate(String name) {
    if (!Origin.validName(name)) {
      throw new IllegalArgumentException("no name of a notary: '" + name + "'");
    }
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      return new NotaryKey(NotaryPublicKey.of(name, pair.getPublic()), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
  }

  /** What {@link #secret} wrote, or empty where it is no key, or its halves do not fit. */
  public static Optional<NotaryKey> parse(String secret) {
    String line = secret.strip();
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(PREFIX) || space < PREFIX.length()) {
      return Optional.empty();
    }
    Optional<NotaryPublicKey> publicKey =
        NotaryPublicKey.parse(line.substring(PREFIX.length(), space));
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getDecoder().decode(line.substring(space + 1))));
      return publicKey.map(half -> new NotaryKey(half, privateKey)).filter(NotaryKey::halvesFit);
    } catch (IllegalArgumentException | GeneralSecurityException noKey) {
      return Optional.empty();
    }
  }

  /** The half that may be given away. */
  public NotaryPublicKey publicKey() {
    return publicKey;
  }

  /** The key as a line of text: whoever has it can sign in the notary's name. */
  public String secret() {
    return PREFIX + publicKey + " " + Base64.getEncoder().encodeToString(privateKey.getEncoded());
  }

  /** Signs a checkpoint (C2SP signed-note). */
  public String sign(Checkpoint checkpoint) {
    String text = checkpoint.text();
    byte[] signature = signature(text.getBytes(StandardCharsets.UTF_8));
    byte[] named = new byte[NotaryPublicKey.ID_BYTES + signature.length];
    System.arraycopy(
        HexFormat.of().parseHex(publicKey.id()), 0, named, 0, NotaryPublicKey.ID_BYTES);
    System.arraycopy(signature, 0, named, NotaryPublicKey.ID_BYTES, signature.length);
    return text
        + "\n"
        + SignedCheckpoint.DASH
        + publicKey.name()
        + " "
        + Base64.getEncoder().encodeToString(named)
        + "\n";
  }

  /** Signs any bytes; base64. */
  String seal(byte[] content) {
    return Base64.getEncoder().encodeToString(signature(content));
  }

  private byte[] signature(byte[] text) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initSign(privateKey);
      ed25519.update(text);
      return ed25519.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the notary's key cannot sign", e);
    }
  }

  private boolean halvesFit() {
    byte[] probe = publicKey.name().getBytes(StandardCharsets.UTF_8);
    return publicKey.signed(probe, signature(probe));
  }

  @Override
  public String toString() {
    return "NotaryKey[" + publicKey + ", private half withheld]";
  }
}
