package io.runwire.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import io.runwire.edge.settings.TokenSettings;
import io.runwire.edge.time.ManualClock;
import io.runwire.edge.time.ManualTimer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that live elsewhere: fetched ahead, kept through an outage, never waited for. */
class RemoteKeysTest {
  private static final Duration REFRESH = Duration.ofMinutes(5);
  private static final Duration OUTAGE = Duration.ofHours(1);
  private static final Duration TTL = Duration.ofDays(1);

  private static final RSAKey RSA = KeyServer.rsa("rsa-1");
  private static final RSAKey NEXT = KeyServer.rsa("rsa-2");
  private static final RSAKey EVIL = KeyServer.rsa("rsa-1");
  private static final ECKey EC = KeyServer.ec("ec-1");

  private final ManualClock clock = new ManualClock();
  private final ManualTimer thread = new ManualTimer(clock);
  private final JWTClaimsSet claims = new TokenMint(clock).claims("u1", TTL).build();

  private KeyServer server;
  private RemoteKeys keys;
  private TokenVerifier verifier;

  @BeforeEach
  void fetchOnce() throws IOException {
    server = new KeyServer(RSA, EC);
    open(server.settings());
    thread.advance(Duration.ZERO);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void acceptsWhatTheIssuersKeysHaveSigned() {
    assertThat(verify(KeyServer.sign(RSA, claims))).isInstanceOf(Granted.class);
    assertThat(verify(KeyServer.sign(EC, claims))).isInstanceOf(Granted.class);
    assertThat(verify(KeyServer.sign(new JWSHeader(JWSAlgorithm.RS256), RSA, claims)))
        .isInstanceOf(Granted.class);
  }

  @Test
  void judgesNothingBeforeTheFirstFetch() {
    open(server.settings());

    assertThat(keys.usable()).isFalse();
    assertThat(keys.ageSeconds()).isNaN();
    assertUndecided(KeyServer.sign(RSA, claims));
    thread.advance(Duration.ZERO);
    assertThat(keys.usable()).isTrue();
    assertThat(verify(KeyServer.sign(RSA, claims))).isInstanceOf(Granted.class);
  }

  @Test
  void refusesAnotherKeyOfTheSameName() {
    assertInvalid(KeyServer.sign(EVIL, claims));
  }

  @Test
  void refusesTheAlgorithmsThatAreNotPinned() {
    assertInvalid(KeyServer.sign(header("RS512"), RSA, claims));
    assertInvalid(KeyServer.sign(header("PS256"), RSA, claims));
    open(with("token.algorithms", "ES256"));
    thread.advance(Duration.ZERO);
    assertInvalid(KeyServer.sign(RSA, claims));
    assertThat(verify(KeyServer.sign(EC, claims))).isInstanceOf(Granted.class);
  }

  @Test
  void refusesAHashMadeWithThePublicKeyAsItsSecret() throws Exception {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(RSA.toRSAPublicKey().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    JWSHeader named = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();

    for (String secret : new String[] {pem, RSA.toPublicJWK().toJSONString()}) {
      assertInvalid(TokenMint.sign(named, secret, claims));
      assertInvalid(TokenMint.sign(new JWSHeader(JWSAlgorithm.HS256), secret, claims));
    }
  }

  @Test
  void refusesATokenThatBringsItsKeyAlongThoughTheSignatureHolds() {
    URI evil = URI.create(server.url() + "?evil");
    int before = server.asked();

    assertInvalid(KeyServer.sign(KeyServer.header(RSA).jwkURL(evil).build(), RSA, claims));
    assertInvalid(KeyServer.sign(KeyServer.header(RSA).x509CertURL(evil).build(), RSA, claims));
    assertInvalid(
        KeyServer.sign(KeyServer.header(EVIL).jwk(EVIL.toPublicJWK()).build(), EVIL, claims));
    assertThat(server.asked()).isEqualTo(before);
  }

  @Test
  void aSecretAndTheIssuersKeysStandSideBySideWhereAskedFor() {
    Map<String, String> both = with("token.algorithms", "HS256, RS256");
    both.put("token.hs256.secret", TokenMint.SECRET);
    open(both);
    thread.advance(Duration.ZERO);

    assertThat(verify(new TokenMint(clock).all())).isInstanceOf(Granted.class);
    assertThat(verify(KeyServer.sign(RSA, claims))).isInstanceOf(Granted.class);
    assertInvalid(KeyServer.sign(EC, claims));
  }

  @Test
  void fetchesAheadOfNeed() {
    server.publish(RSA, NEXT);
    assertThat(server.asked()).isEqualTo(1);

    thread.advance(REFRESH);

    assertThat(server.asked()).isEqualTo(2);
    assertThat(verify(KeyServer.sign(NEXT, claims))).isInstanceOf(Granted.class);
    assertThat(server.asked()).isEqualTo(2);
  }

  @Test
  void aKeyThatWasWithdrawnIsForgottenAtTheNextFetch() {
    server.publish(NEXT);

    thread.advance(REFRESH);

    assertInvalid(KeyServer.sign(RSA, claims));
  }

  @Test
  void anUnknownKeyBringsTheNextFetchForwardWithoutWaitingForIt() {
    server.publish(RSA, NEXT);
    thread.advance(Duration.ofMinutes(1));

    assertUndecided(KeyServer.sign(NEXT, claims));

    assertThat(server.asked()).isEqualTo(1);
    thread.advance(Duration.ZERO);
    assertThat(server.asked()).isEqualTo(2);
    assertThat(verify(KeyServer.sign(NEXT, claims))).isInstanceOf(Granted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody's", "../../dev/null", "/etc/passwd", "' OR 1=1", "\u0000"})
  void aKeyThatNobodyPublishesIsRefusedOnceWeHaveLooked(String kid) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();

    assertInvalid(KeyServer.sign(header, EVIL, claims));
    thread.advance(Duration.ofMinutes(1));
    assertUndecided(KeyServer.sign(header, EVIL, claims));
    thread.advance(Duration.ZERO);
    assertInvalid(KeyServer.sign(header, EVIL, claims));
  }

  @Test
  void unknownKeysCauseFetchesAtALimitedRate() {
    thread.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 1_000; i++) {
      Verdict unused = verifier.verify(KeyServer.sign(header("RS256", "k" + i % 7), EVIL, claims));
      thread.advance(Duration.ofMillis(10));
    }

    // Ten seconds of it: at its beginning, after five, and at its end at the latest.
    assertThat(server.asked()).isBetween(2, 4);
  }

  @Test
  void knownKeysSurviveAnOutageForAsLongAsConfigured() {
    server.close();

    thread.advance(OUTAGE.minus(Duration.ofSeconds(1)));

    assertThat(verify(KeyServer.sign(RSA, claims))).isInstanceOf(Granted.class);
    assertThat(keys.failures()).isPositive();
    assertThat(keys.ageSeconds()).isEqualTo(OUTAGE.toSeconds() - 1.0);
    thread.advance(Duration.ofSeconds(1));
    assertUndecided(KeyServer.sign(RSA, claims));
    assertThat(keys.usable()).isFalse();
  }

  @Test
  void anUnknownKeyStaysUndecidedDuringAnOutage() {
    server.answer(503, "");
    thread.advance(REFRESH.plusSeconds(30));

    assertUndecided(KeyServer.sign(NEXT, claims));
  }

  @ParameterizedTest
  @CsvSource({
    "500, ''",
    "404, {}",
    "200, ''",
    "200, not json",
    "200, '{\"keys\":[]}'",
    "200, '{\"keys\":7}'",
    "200, '<html></html>'",
  })
  void anAnswerThatHoldsNoKeysIsAnOutageAndEndsWithIt(int status, String body) {
    server.answer(status, body);
    thread.advance(REFRESH);
    assertThat(keys.failures()).isEqualTo(1);
    assertThat(verify(KeyServer.sign(RSA, claims))).isInstanceOf(Granted.class);

    server.publish(NEXT);
    thread.advance(RemoteKeys.MIN_INTERVAL);

    assertThat(keys.failures()).isEqualTo(1);
    assertThat(keys.ageSeconds()).isZero();
    assertThat(verify(KeyServer.sign(NEXT, claims))).isInstanceOf(Granted.class);
  }

  private void open(Map<String, String> further) {
    TokenSettings settings = TokenMint.settings(further);
    keys = RemoteKeys.fetching(settings.keyServer().orElseThrow(), clock, thread);
    verifier = new TokenVerifier(settings, Optional.of(keys), clock);
  }

  private Map<String, String> with(String key, String value) {
    Map<String, String> settings = new HashMap<>(server.settings());
    settings.put(key, value);
    return settings;
  }

  private static JWSHeader header(String algorithm) {
    return header(algorithm, RSA.getKeyID());
  }

  private static JWSHeader header(String algorithm, String kid) {
    return new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(kid).build();
  }

  private void assertInvalid(String token) {
    assertRefused(token, Refusal.INVALID);
  }

  private void assertUndecided(String token) {
    assertRefused(token, Refusal.UNDECIDED);
  }

  private void assertRefused(String token, Refusal refusal) {
    assertThat(verify(token))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(refusal));
  }

  private Verdict verify(String token) {
    return verifier.verify(token);
  }
}
