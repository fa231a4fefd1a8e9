package io.runwire.edge.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate for this machine's loopback, made by the JDK's keytool. */
public record TestCertificate(Path keystore, X509Certificate certificate, PrivateKey key) {
  public static final String PASSWORD = "password of a test";

  /** RSA or EC, valid for some years around now. */
  public static TestCertificate make(Path folder, String name, String algorithm) {
    return make(folder, name, algorithm, "-validity", "4000");
  }

  /**
   * @param further arguments of {@code keytool -genkeypair}
   */
  static TestCertificate make(Path folder, String name, String algorithm, String... further) {
    Path file = folder.resolve(name + ".p12");
    try {
      Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
      List<String> command = new ArrayList<>(List.of(keytool.toString(), "-genkeypair"));
      command.addAll(List.of("-alias", "edge", "-keyalg", algorithm, "-dname", "CN=" + name));
      command.addAll(List.of("-startdate", "-1000d", "-ext", "san=ip:127.0.0.1,dns:localhost"));
      command.addAll(List.of("-storetype", "PKCS12", "-keystore", file.toString()));
      command.addAll(List.of("-storepass", PASSWORD));
      command.addAll(List.of(further));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD.toCharArray());
      }
      return new TestCertificate(
          file,
          (X509Certificate) store.getCertificate("edge"),
          (PrivateKey) store.getKey("edge", PASSWORD.toCharArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Path pemCertificate(Path file) throws IOException, GeneralSecurityException {
    return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
  }

  Path pemKey(Path file) throws IOException {
    return Files.writeString(file, pem("PRIVATE KEY", key.getEncoded()));
  }

  /** What a client needs that trusts this certificate alone. */
  public SSLContext trusting() throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("edge", certificate);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
