package io.runwire.edge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.edge.SocketClient;
import io.runwire.edge.SocketClient.Introduction;
import io.runwire.edge.TestEdge;
import io.runwire.edge.ops.DrainHandler;
import io.runwire.edge.ops.ManagementServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted ports, with real handshakes. */
class TlsTest {
  private static final Duration LOOK = Duration.ofSeconds(10);

  @TempDir private static Path made;
  private static TestCertificate first;
  private static TestCertificate second;
  private static TestCertificate elliptic;
  private static TestCertificate expired;

  @TempDir private Path folder;

  @BeforeAll
  static void make() {
    first = TestCertificate.make(made, "first", "RSA");
    second = TestCertificate.make(made, "second", "RSA");
    elliptic = TestCertificate.make(made, "elliptic", "EC");
    expired = TestCertificate.make(made, "expired", "RSA", "-validity", "1");
  }

  enum Form {
    PEM,
    PEM_ELLIPTIC,
    PKCS12
  }

  @ParameterizedTest
  @EnumSource
  void aSocketIsOpenedThroughTls(Form form) throws Exception {
    TestCertificate shown = form == Form.PEM_ELLIPTIC ? elliptic : first;
    Map<String, String> settings = form == Form.PKCS12 ? pkcs12(shown) : pem(shown);
    try (TestEdge edge = TestEdge.start(settings);
        SocketClient client = open(edge, shown)) {
      client.subscribe(1, "t", "").expect("subscribed");
      client.expect("live");
      edge.log.run("t", "r").start();

      assertThat(client.expect("event").path("run").asText()).isEqualTo("r");
      assertThat(edge.certificate().expirySeconds())
          .isEqualTo(shown.certificate().getNotAfter().toInstant().getEpochSecond());
    }
  }

  @Test
  void aClientThatDoesNotTrustTheCertificateGetsNothing() throws Exception {
    try (TestEdge edge = TestEdge.start(pem(first))) {
      assertThatThrownBy(() -> open(edge, second)).hasRootCauseInstanceOf(Exception.class);
      assertThat(edge.hub.connections()).isZero();
    }
  }

  @Test
  void aNewCertificateServesWhoComesAndLeavesOpenSocketsAlone() throws Exception {
    try (TestEdge edge = TestEdge.start(pem(first));
        SocketClient open = open(edge, first)) {
      open.subscribe(1, "t", "").expect("subscribed");
      open.expect("live");
      assertThat(shownBy(edge)).isEqualTo(first.certificate());

      pem(second);
      assertThat(shownBy(edge)).isEqualTo(first.certificate());
      edge.timer.advance(LOOK);

      assertThat(shownBy(edge)).isEqualTo(second.certificate());
      assertThat(edge.certificate().failures()).isZero();
      edge.log.run("t", "r").start();
      open.expect("event");
      open.exchangePing();
      try (SocketClient late = open(edge, second)) {
        late.exchangePing();
      }
    }
  }

  @Test
  void aKeystoreIsExchangedToo() throws Exception {
    Map<String, String> settings = pkcs12(first);
    try (TestEdge edge = TestEdge.start(settings)) {
      pkcs12(elliptic);

      edge.timer.advance(LOOK);

      assertThat(shownBy(edge)).isEqualTo(elliptic.certificate());
    }
  }

  enum Damage {
    GARBAGE,
    EMPTY,
    MISSING,
    TRUNCATED,
    FOREIGN_KEY,
    EXPIRED,
    NO_KEY
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenFileKeepsTheOldCertificateUntilASoundOneIsThere(Damage damage) throws Exception {
    try (TestEdge edge = TestEdge.start(pem(first))) {
      damage(damage);

      edge.timer.advance(LOOK);

      assertThat(edge.certificate().failures()).isEqualTo(1);
      assertThat(shownBy(edge)).isEqualTo(first.certificate());
      pem(second);
      edge.timer.advance(LOOK);
      assertThat(shownBy(edge)).isEqualTo(second.certificate());
      assertThat(edge.certificate().failures()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withABrokenFileTheEdgeDoesNotStart(Damage damage) throws Exception {
    Map<String, String> settings = pem(first);
    damage(damage);

    assertThatThrownBy(() -> TestEdge.start(settings).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls: Pem[certificate=")
        .hasMessageContaining("(expected: a valid certificate and its key)");
  }

  @Test
  void aWrongPasswordIsNotRepeated() throws Exception {
    Map<String, String> settings = new HashMap<>(pkcs12(first));
    settings.put("tls.keystore.password", "not the one of this store");

    assertThatThrownBy(() -> TestEdge.start(settings).close())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls: Pkcs12[file=")
        .hasMessageNotContaining("not the one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsThatAreSafeAreSpoken(String version) throws Exception {
    try (TestEdge edge = TestEdge.start(pem(first));
        SSLSocket socket = socket(edge, first)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();

      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void whoSpeaksPlainlyIsNotAnswered() throws Exception {
    try (TestEdge edge = TestEdge.start(pem(first));
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
      edge.log.run("t", "r").start();
      plain.setSoTimeout(10_000);
      plain
          .getOutputStream()
          .write(
              ("GET /v1/threads/t/events?from=earliest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + edge.mint.all()
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(allOf(plain)).doesNotContain("HTTP/1.1 200").doesNotContain("RUN_STARTED");
    }
  }

  @Test
  void theManagementPortIsEncryptedOnRequest() throws Exception {
    try (TestEdge edge = TestEdge.start(pem(first));
        ManagementServer management =
            new ManagementServer(
                "127.0.0.1",
                0,
                Optional.of(edge.certificate()),
                edge.metrics,
                () -> true,
                () -> true,
                new DrainHandler(edge.drain, edge.bounds.places()))) {
      management.start();

      assertThat(
              client(first)
                  .send(
                      HttpRequest.newBuilder(
                              URI.create("https://127.0.0.1:" + management.port() + "/livez"))
                          .build(),
                      BodyHandlers.ofString())
                  .body())
          .isEqualTo("ok\n");
    }
  }

  private Map<String, String> pem(TestCertificate shown) throws Exception {
    return Map.of(
        "tls.certificate",
        shown.pemCertificate(folder.resolve("tls.crt")).toString(),
        "tls.key",
        shown.pemKey(folder.resolve("tls.key")).toString());
  }

  private Map<String, String> pkcs12(TestCertificate shown) throws IOException {
    Path file = folder.resolve("tls.p12");
    Files.copy(shown.keystore(), file, StandardCopyOption.REPLACE_EXISTING);
    return Map.of(
        "tls.keystore", file.toString(), "tls.keystore.password", TestCertificate.PASSWORD);
  }

  private void damage(Damage damage) throws Exception {
    Path certificate = folder.resolve("tls.crt");
    Path key = folder.resolve("tls.key");
    switch (damage) {
      case GARBAGE -> Files.writeString(certificate, "no certificate");
      case EMPTY -> Files.writeString(certificate, "");
      case MISSING -> Files.delete(key);
      case TRUNCATED -> {
        byte[] whole = Files.readAllBytes(certificate);
        Files.write(certificate, Arrays.copyOf(whole, whole.length / 2));
      }
      case FOREIGN_KEY -> second.pemKey(key);
      case EXPIRED -> pem(expired);
      case NO_KEY -> Files.writeString(key, "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n");
    }
  }

  private static SocketClient open(TestEdge edge, TestCertificate trusted) throws Exception {
    SocketClient client =
        SocketClient.open(edge, Introduction.plain().bearer(edge.mint.all()), client(trusted));
    client.expect("welcome");
    return client;
  }

  private static HttpClient client(TestCertificate trusted) throws Exception {
    return HttpClient.newBuilder().sslContext(trusted.trusting()).build();
  }

  private static SSLSocket socket(TestEdge edge, TestCertificate trusted) throws Exception {
    return (SSLSocket)
        trusted
            .trusting()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), edge.port());
  }

  /** The certificate that a newcomer is shown, whom either would satisfy. */
  private static X509Certificate shownBy(TestEdge edge) throws Exception {
    for (TestCertificate trusted : new TestCertificate[] {first, second, elliptic}) {
      try (SSLSocket socket = socket(edge, trusted)) {
        socket.startHandshake();
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
      } catch (SSLException distrusted) {
        assertThat(distrusted).hasMessageContaining("certificat");
      }
    }
    throw new AssertionError("another certificate");
  }

  private static String allOf(Socket socket) {
    StringBuilder all = new StringBuilder();
    try {
      for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
        all.append((char) b);
      }
    } catch (EOFException | SocketException cut) {
      return all.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return all.toString();
  }
}
