package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import io.runwire.edge.settings.BoundsSettings;
import io.runwire.edge.settings.Listen;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeConfigTest {
  private static final String SECRET = "a secret of at least thirty-two bytes";

  @Test
  void needsBrokersASecretAndAnIssuerOnly() {
    EdgeConfig config = EdgeConfig.of(minimal());

    assertThat(config.log().kafka()).containsEntry("bootstrap.servers", "localhost:9092");
    assertThat(config.log().partitions()).isEqualTo(64);
    assertThat(config.log().windowBytes()).isEqualTo(64 << 20);
    assertThat(config.history().readers()).isEqualTo(4);
    assertThat(config.http()).isEqualTo(new Listen("0.0.0.0", 8080));
    assertThat(config.management()).isEqualTo(new Listen("127.0.0.1", 9090));
    assertThat(config.delivery().maxSubscriptions()).isEqualTo(64);
    assertThat(config.heartbeat().every()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.heartbeat().pong()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.access().authDeadline()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.access().token().audience()).isEqualTo("runwire");
    assertThat(config.access().origins()).isEmpty();
    assertThat(config.access().development()).isFalse();
  }

  @Test
  void boundsWhoIsConnectedByDefault() {
    BoundsSettings bounds = EdgeConfig.of(minimal()).bounds();

    assertThat(bounds)
        .isEqualTo(
            new BoundsSettings(
                5,
                1_000,
                BoundsSettings.WhenFull.EVICT,
                100,
                200,
                List.of(),
                "X-Forwarded-For",
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                new BoundsSettings.Inbound(20, 100, 64 << 10),
                Duration.ofSeconds(5)));
  }

  @Test
  void refusesAGraceThatIsTooShortToDrainIn() {
    assertRefused("drain.grace.ms", "35000")
        .hasMessageContaining("drain.grace.ms: 35000")
        .hasMessageContaining("> drain.unready.wait.ms + drain.over.ms, 35000");
  }

  @Test
  void refusesBoundsThatContradictEachOther() {
    assertRefused("connections.per.user", "1001")
        .hasMessageContaining(
            "connections.per.user: 1001 (expected: <= connections.per.node 1000)");
    assertRefused("heartbeat.ms", "400000")
        .hasMessageContaining("heartbeat.ms: 400000 (expected: < idle.ttl.ms 300000)");
  }

  @Test
  void handsSettingsOfTheKafkaClientsOn() {
    EdgeConfig config = EdgeConfig.of(with("kafka.security.protocol", "SSL"));

    assertThat(config.log().kafka()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void refusesAnUnknownKeyAndNamesIt() {
    assertRefused("heartbeat.msec", "1000").hasMessageContaining("'heartbeat.msec'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bootstrap.servers", "token.hs256.secret", "token.issuer"})
  void refusesAMissingKeyAndNamesIt(String key) {
    Map<String, String> settings = minimal();
    settings.remove(key);

    assertThatThrownBy(() -> EdgeConfig.of(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @CsvSource({
    "partitions, 0",
    "partitions, -1",
    "partitions, 2.5",
    "http.port, -1",
    "http.port, 65536",
    "management.port, x",
    "connections.per.user, 0",
    "connections.per.node, -1",
    "connections.unauthenticated, 0",
    "connections.per.address, none",
    "node.full, panic",
    "idle.ttl.ms, 0",
    "idle.sweep.ms, NaN",
    "inbound.frames.per.second, 0",
    "inbound.frames.burst, 1000001",
    "inbound.message.bytes, 1023",
    "inbound.message.bytes, 1048577",
    "handshake.deadline.ms, 0",
    "heartbeat.ms, 0",
    "heartbeat.ms, -20000",
    "heartbeat.ms, NaN",
    "pong.deadline.ms, 0",
    "auth.deadline.ms, 0",
    "auth.deadline.ms, 1e400",
    "subscriptions.per.connection, 0",
    "delivery.threads, 0",
    "delivery.threads, 65",
    "window.bytes, -1",
    "window.bytes, 99999999999999999999",
    "history.readers, 0",
    "history.deadline.ms, Infinity",
    "partition.linger.ms, -1",
    "development, maybe",
    "ledger.url, localhost:8081",
    "ledger.url, ftp://localhost",
    "ledger.url, http://",
    "ledger.url, ' '",
    "ledger.deadline.ms, 0",
  })
  void refusesAValueThatMakesNoSenseAndNamesBoth(String key, String value) {
    assertRefused(key, value).hasMessageContaining(key).hasMessageContaining(value.strip());
  }

  @Test
  void refusesAShortSecretAndDoesNotRepeatIt() {
    assertRefused("token.hs256.secret", "too short a secret")
        .hasMessageContaining("token.hs256.secret: 18 bytes (expected: >= 32)")
        .hasMessageNotContaining("too short a secret");
  }

  @Test
  void takesASecretOrAKeyServerAndBothOnlyWhenTheAlgorithmsAreSpelledOut() {
    Map<String, String> both = with("token.jwks.url", "https://login.example.com/jwks");
    assertThatThrownBy(() -> EdgeConfig.of(both))
        .hasMessageContaining("token.algorithms: [] (expected: of [ES256, HS256, RS256]");

    both.put("token.algorithms", "RS256");
    assertThatThrownBy(() -> EdgeConfig.of(both)).hasMessageContaining("token.algorithms: [RS256]");
    both.put("token.algorithms", "HS256,RS256");
    assertThat(EdgeConfig.of(both).access().token().algorithms())
        .containsExactlyInAnyOrder(JWSAlgorithm.HS256, JWSAlgorithm.RS256);
    both.put("token.algorithms", "");
    both.remove("token.hs256.secret");
    assertThat(EdgeConfig.of(both).access().token().algorithms())
        .containsExactlyInAnyOrder(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  }

  @ParameterizedTest
  @CsvSource({
    "token.algorithms, none",
    "token.algorithms, RS256",
    "token.algorithms, 'HS256,HS512'",
    "tls.reload.ms, 0",
    "tls.management, perhaps",
    "token.clock.skew.ms, -1",
    "token.clock.skew.ms, 300001",
    "token.jwks.refresh.ms, 999",
    "token.jwks.outage.ms, 60000",
  })
  void refusesTokenSettingsThatMakeNoSense(String key, String value) {
    assertRefused(key, value)
        .hasMessageContaining(key)
        .hasMessageContaining(value.replace(",", ", "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.com/jwks",
        "http://localhost.evil.com/jwks",
        "file:///etc/passwd",
        "jwks",
        "https://",
        "https:login"
      })
  void refusesKeysFromWhereSomebodyElseCouldAlterThem(String url) {
    assertRefused("token.jwks.url", url)
        .hasMessageContaining("token.jwks.url: " + url + " (expected: https://");
  }

  @Test
  void refusesAPreviousSecretAlone() {
    Map<String, String> alone = with("token.hs256.secret.previous", SECRET);
    alone.remove("token.hs256.secret");

    assertThatThrownBy(() -> EdgeConfig.of(alone))
        .hasMessageContaining("token.hs256.secret.previous: alone");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.example.com",
        "https://app.example.com/",
        "https://APP.example.com",
        "https://app.example.com:443",
        "http://app.example.com:80",
        "https://*.example.com",
        "null"
      })
  void refusesAnOriginThatNoBrowserSends(String origin) {
    assertRefused("origins", origin).hasMessageContaining("origins: " + origin + " (expected: ");
  }

  @ParameterizedTest
  @CsvSource({
    "tls.certificate, tls.key: none (expected: beside tls.certificate)",
    "tls.key, tls.certificate: none (expected: beside tls.key)",
    "tls.keystore, tls.keystore.password: none (expected: beside tls.keystore)",
    "tls.keystore.password, tls.keystore: none (expected: beside tls.keystore.password)",
  })
  void refusesHalfACertificate(String key, String message) {
    assertRefused(key, "/a/file").hasMessageContaining(message);
  }

  @Test
  void refusesTlsForTheManagementPortAloneAndTwoCertificates() {
    assertRefused("tls.management", "true").hasMessageContaining("tls.management: true (expected:");

    Map<String, String> two = with("tls.certificate", "a.crt");
    two.putAll(Map.of("tls.key", "a.key", "tls.keystore", "a.p12", "tls.keystore.password", "p"));
    assertThatThrownBy(() -> EdgeConfig.of(two))
        .hasMessageContaining("tls.keystore: a.p12 (expected: not beside tls.certificate)");
  }

  @Test
  void refusesAnyOriginInProduction() {
    assertRefused("origins", "*").hasMessageContaining("origins: *");
    assertRefused("origins", "https://app.example.com,*").hasMessageContaining("origins: *");

    Map<String, String> development = with("origins", "*");
    development.put("development", "true");
    assertThat(EdgeConfig.of(development).access().origins()).containsExactly("*");
  }

  @Test
  void readsSeveralOrigins() {
    assertThat(
            EdgeConfig.of(with("origins", "https://a.example.com, https://b.example.com"))
                .access()
                .origins())
        .containsExactlyInAnyOrder("https://a.example.com", "https://b.example.com");
  }

  @Test
  void doesNotPrintTheSecret() {
    EdgeConfig config = EdgeConfig.of(minimal());

    assertThat(config.toString()).doesNotContain(SECRET).contains("withheld");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      String key, String value) {
    return assertThatThrownBy(() -> EdgeConfig.of(with(key, value)))
        .isInstanceOf(ConfigException.class);
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> settings = minimal();
    settings.put(key, value);
    return settings;
  }

  private static Map<String, String> minimal() {
    return new HashMap<>(
        Map.of(
            "bootstrap.servers",
            "localhost:9092",
            "token.hs256.secret",
            SECRET,
            "token.issuer",
            "https://login.example.com"));
  }
}
