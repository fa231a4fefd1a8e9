package io.runwire.edge.tls;

import io.runwire.edge.settings.TlsSettings.Pem;
import io.runwire.edge.settings.TlsSettings.Pkcs12;
import io.runwire.edge.settings.TlsSettings.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificate and key as they lay on disk at one moment.
 *
 * @param parts the files' bytes, to tell whether they have changed
 */
record CertificateFiles(Source source, List<byte[]> parts) {
  /** Of the store in memory, which never leaves it. */
  static final String PASSWORD = "in memory";

  private static final String ALIAS = "edge";
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /**
   * Reads the files, whatever they hold.
   *
   * @throws IOException if one cannot be read
   */
  static CertificateFiles read(Source source) throws IOException {
    if (source instanceof Pem pem) {
      return new CertificateFiles(source, List.of(bytes(pem.certificate()), bytes(pem.key())));
    }
    return new CertificateFiles(source, List.of(bytes(((Pkcs12) source).file())));
  }

  boolean sameAs(CertificateFiles other) {
    if (parts.size() != other.parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!MessageDigest.isEqual(parts.get(i), other.parts.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * What they hold: one key that fits its certificate, which is valid at that moment.
   *
   * @throws GeneralSecurityException saying what is wrong
   * @throws IOException if a store cannot be parsed, or the password is wrong
   */
  KeyStore parse(Instant at) throws GeneralSecurityException, IOException {
    KeyStore store = source instanceof Pkcs12 p12 ? pkcs12(p12) : pem();
    X509Certificate own = own(store);
    own.checkValidity(Date.from(at));
    if (!(store.getKey(ALIAS, PASSWORD.toCharArray()) instanceof PrivateKey key)
        || !fits(key, own)) {
      throw new KeyStoreException("the key is not the certificate's");
    }
    return store;
  }

  /** The server's own certificate. */
  static X509Certificate own(KeyStore store) throws KeyStoreException {
    return (X509Certificate) store.getCertificate(ALIAS);
  }

  private KeyStore pkcs12(Pkcs12 from) throws GeneralSecurityException, IOException {
    char[] password = from.password().value().toCharArray();
    KeyStore given = KeyStore.getInstance("PKCS12");
    given.load(new ByteArrayInputStream(parts.get(0)), password);
    for (String alias : Collections.list(given.aliases())) {
      if (given.isKeyEntry(alias)
          && given.getKey(alias, password) instanceof PrivateKey key
          && given.getCertificateChain(alias) != null) {
        return store(key, given.getCertificateChain(alias));
      }
    }
    throw new KeyStoreException("no private key with a certificate in the store");
  }

  private KeyStore pem() throws GeneralSecurityException, IOException {
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(parts.get(0)))
            .toArray(new Certificate[0]);
    if (chain.length == 0) {
      throw new KeyStoreException("no certificate in the file");
    }
    Matcher key = PKCS8.matcher(new String(parts.get(1), StandardCharsets.US_ASCII));
    if (!key.find()) {
      throw new KeyStoreException(
          "no unencrypted PKCS#8 key in the file (openssl pkcs8 -topk8 -nocrypt makes one)");
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(key.group(1));
    } catch (IllegalArgumentException e) {
      throw new KeyStoreException("the key is not base64", e);
    }
    String algorithm = chain[0].getPublicKey().getAlgorithm();
    return store(
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)), chain);
  }

  private static KeyStore store(PrivateKey key, Certificate[] chain)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), chain);
    return store;
  }

  /** A store takes any pair; that they belong together shows at the first handshake otherwise. */
  private static boolean fits(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    byte[] anything = {1, 2, 3};
    signature.initSign(key);
    signature.update(anything);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(anything);
    return signature.verify(signed);
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }
}
