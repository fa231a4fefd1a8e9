package io.runwire.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import io.runwire.edge.time.ManualClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Algorithm and key are pinned, whatever a token says of itself. */
class TokenVerifierTest {
  private static final Duration TTL = Duration.ofMinutes(5);

  private final ManualClock clock = new ManualClock();
  private final TokenMint mint = new TokenMint(clock);
  private final TokenVerifier verifier = verifier(Map.of("token.hs256.secret", TokenMint.SECRET));

  @Test
  void grantsWhatTheTokenSays() {
    Grants grants = granted(mint.token("u1", TTL, List.of("subscribe", "ledger"), "t1", "u42.*"));

    assertThat(grants.subject()).isEqualTo("u1");
    assertThat(grants.expiresAt()).isEqualTo(clock.instant().plus(TTL));
    assertThat(grants.allows(Action.SUBSCRIBE, "t1")).isTrue();
    assertThat(grants.allows(Action.LEDGER, "u42.x")).isTrue();
    assertThat(grants.allows(Action.SUBSCRIBE, "t2")).isFalse();
    assertThat(grants.allows(Action.HISTORY, "t1")).isFalse();
    assertThat(grants.allowsSome(Action.HISTORY)).isFalse();
  }

  @Test
  void keepsTheRightsOfSeveralDetailsApart() {
    Grants grants =
        granted(
            TokenMint.sign(
                mint.claims("u1", TTL)
                    .claim(
                        "authorization_details",
                        List.of(
                            Map.of(
                                "type", "runwire",
                                "actions", List.of("subscribe"),
                                "threads", List.of("mine")),
                            Map.of(
                                "type", "runwire",
                                "actions", List.of("ledger"),
                                "threads", List.of("*")),
                            Map.of("type", "payment", "amount", 3)))));

    assertThat(grants.allows(Action.SUBSCRIBE, "mine")).isTrue();
    assertThat(grants.allows(Action.SUBSCRIBE, "other")).isFalse();
    assertThat(grants.allows(Action.LEDGER, "other")).isTrue();
  }

  @Test
  void grantsNothingWithoutDetails() {
    assertThat(
            granted(TokenMint.sign(mint.claims("u1", TTL).claim("authorization_details", null)))
                .rights())
        .isEmpty();
  }

  @Test
  void skipsActionsOfALaterVersion() {
    assertThat(
            granted(mint.token("u1", TTL, List.of("subscribe", "teleport"), "t"))
                .allows(Action.SUBSCRIBE, "t"))
        .isTrue();
  }

  @Test
  void acceptsTheTypeOfRfc9068AndNoOther() {
    JWTClaimsSet claims = mint.claims("u1", TTL).build();

    assertThat(verify(typed("at+jwt", claims))).isInstanceOf(Granted.class);
    assertThat(verify(typed("JWT", claims))).isInstanceOf(Granted.class);
    assertRefused(typed("dpop+jwt", claims));
  }

  @Test
  void refusesAlgorithmNone() {
    assertRefused(new PlainJWT(mint.claims("u1", TTL).build()).serialize());
  }

  @Test
  void refusesAnotherAlgorithmThoughTheKeyFits() {
    String longSecret = TokenMint.SECRET.repeat(2);
    TokenVerifier withLongSecret = verifier(Map.of("token.hs256.secret", longSecret));
    JWTClaimsSet claims = mint.claims("u1", TTL).build();

    assertThat(
            withLongSecret.verify(
                TokenMint.sign(new JWSHeader(JWSAlgorithm.HS256), longSecret, claims)))
        .isInstanceOf(Granted.class);
    assertThat(
            withLongSecret.verify(
                TokenMint.sign(new JWSHeader(JWSAlgorithm.HS512), longSecret, claims)))
        .isInstanceOf(Refused.class);
  }

  @Test
  void refusesAnotherSecret() {
    assertRefused(
        TokenMint.sign(
            new JWSHeader(JWSAlgorithm.HS256),
            "another secret of thirty-two bytes or more",
            mint.claims("u1", TTL).build()));
  }

  @Test
  void refusesAnEmptyAndATamperedSignature() {
    String token = mint.all();
    int signature = token.lastIndexOf('.') + 1;
    char first = token.charAt(signature);

    assertRefused(token.substring(0, signature));
    assertRefused(token.substring(0, signature - 1));
    assertRefused(
        token.substring(0, signature)
            + (first == 'A' ? 'B' : 'A')
            + token.substring(signature + 1));
  }

  @Test
  void refusesClaimsThatWereChangedAfterSigning() {
    String[] parts = mint.token("u1", TTL, List.of("subscribe"), "mine").split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String forged =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.replace("mine", "them").getBytes(StandardCharsets.UTF_8));

    assertRefused(parts[0] + "." + forged + "." + parts[2]);
  }

  @Test
  void refusesKeysThatTheTokenBringsAlong() {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .keyID("../../etc/passwd")
            .jwkURL(URI.create("https://evil.example.com/jwks"))
            .build();

    assertRefused(TokenMint.sign(header, "evil".repeat(10), mint.claims("u1", TTL).build()));
  }

  @Test
  void tellsAnExpiredTokenFromABadOne() {
    String token = mint.token("u1", TTL, List.of("subscribe"), "t");

    clock.advance(TTL.minusSeconds(1));
    assertThat(verify(token)).isInstanceOf(Granted.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(verify(token))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(Refusal.EXPIRED));
  }

  @Test
  void refusesATokenThatIsNotValidYet() {
    assertRefused(
        TokenMint.sign(
            mint.claims("u1", TTL)
                .notBeforeTime(Date.from(clock.instant().plus(Duration.ofMinutes(1))))));
  }

  @Test
  void refusesATokenThatNeverExpires() {
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).expirationTime(null)));
  }

  /** Else a timer would count it in nanoseconds, of which there are enough for 292 years. */
  @ParameterizedTest
  @ValueSource(strings = {"99999999999", "1000000000000", "1000000000000000"})
  void countsAnEndBeyondAllMeasureAllTheSame(String exp) {
    Verdict verdict = verify(signedByHand("{\"alg\":\"HS256\"}", ending(exp)));

    assertThat(verdict).isInstanceOf(Granted.class);
    Instant end = ((Granted) verdict).grants().expiresAt();
    assertThat(Duration.between(clock.instant(), end).toNanos()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "1e300", "-1", "1e-5", "true"})
  void refusesAnEndThatIsNoTime(String exp) {
    assertThat(verify(signedByHand("{\"alg\":\"HS256\"}", ending(exp))))
        .isInstanceOf(Refused.class);
  }

  private static String ending(String exp) {
    return "{\"sub\":\"u\",\"iss\":\"%s\",\"aud\":\"runwire\",\"exp\":%s}"
        .formatted(TokenMint.ISSUER, exp);
  }

  @Test
  void refusesAnotherIssuerAudienceOrNone() {
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).issuer("https://evil.example.com")));
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).issuer(null)));
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).audience("another-service")));
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).audience((String) null)));
  }

  @Test
  void acceptsOneAudienceAmongSeveral() {
    assertThat(
            verify(
                TokenMint.sign(
                    mint.claims("u1", TTL).audience(List.of("another-service", "runwire")))))
        .isInstanceOf(Granted.class);
  }

  @Test
  void refusesAnEmptyOrAbsentSubject() {
    assertRefused(TokenMint.sign(mint.claims("", TTL)));
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).subject(null)));
  }

  @Test
  void refusesATokenOfSixteenKilobytes() {
    assertRefused(TokenMint.sign(mint.claims("u1", TTL).claim("padding", "x".repeat(16 << 10))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"u\",\"iss\":\"$ISS\",\"aud\":\"runwire\",\"exp\":\"4102444800\"}",
        "{\"sub\":\"u\",\"iss\":\"$ISS\",\"aud\":\"runwire\",\"exp\":null}",
        "{\"sub\":[\"u\"],\"iss\":\"$ISS\",\"aud\":\"runwire\",\"exp\":4102444800}",
        "[]",
        "null",
        "not json",
        ""
      })
  void refusesSignedClaimsOfAnotherForm(String claims) {
    assertRefused(signedByHand("{\"alg\":\"HS256\"}", claims.replace("$ISS", TokenMint.ISSUER)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"runwire\",\"actions\":[\"subscribe\"],\"threads\":[\"u4*\"]}",
        "{\"type\":\"runwire\",\"actions\":[\"subscribe\"],\"threads\":[\"a b\"]}",
        "{\"type\":\"runwire\",\"actions\":[\"subscribe\"],\"threads\":\"*\"}",
        "{\"type\":\"runwire\",\"actions\":\"subscribe\",\"threads\":[\"*\"]}",
        "{\"type\":\"runwire\",\"actions\":[1],\"threads\":[\"*\"]}",
        "{\"type\":\"runwire\",\"threads\":[\"*\"]}",
        "{\"type\":\"runwire\",\"actions\":[\"subscribe\"]}"
      })
  void refusesDetailsOfAnotherForm(String detail) {
    assertRefused(
        signedByHand(
            "{\"alg\":\"HS256\"}",
            "{\"sub\":\"u\",\"iss\":\""
                + TokenMint.ISSUER
                + "\",\"aud\":\"runwire\",\"exp\":4102444800,\"authorization_details\":["
                + detail
                + "]}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "....", "\u0000", "ey.ey.ey", "null", " "})
  void refusesGarbage(String token) {
    assertRefused(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"\"}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{}",
        "[]"
      })
  void refusesHeadersThatAskForSomethingElse(String header) {
    assertRefused(
        signedByHand(
            header,
            "{\"sub\":\"u\",\"iss\":\""
                + TokenMint.ISSUER
                + "\",\"aud\":\"runwire\",\"exp\":4102444800}"));
  }

  @Test
  void refusesAHeaderThatIsNestedDeeply() {
    assertRefused(signedByHand("{\"a\":" + "[".repeat(8_000), "{}"));
  }

  @Test
  void acceptsTheSecretThatIsBeingReplaced() {
    String next = "the next secret of thirty-two bytes or more";
    TokenVerifier rotating =
        verifier(
            Map.of("token.hs256.secret", next, "token.hs256.secret.previous", TokenMint.SECRET));
    JWTClaimsSet claims = mint.claims("u1", TTL).build();
    JWSHeader header = new JWSHeader(JWSAlgorithm.HS256);

    assertThat(rotating.verify(TokenMint.sign(header, next, claims))).isInstanceOf(Granted.class);
    assertThat(rotating.verify(mint.all())).isInstanceOf(Granted.class);
    assertThat(rotating.verify(TokenMint.sign(header, "a third one".repeat(4), claims)))
        .isInstanceOf(Refused.class);
    assertRefused(TokenMint.sign(header, next, claims));
  }

  @Test
  void toleratesAnIssuersClockThatIsAheadButTakesExpAtItsWord() {
    TokenVerifier tolerant =
        verifier(Map.of("token.hs256.secret", TokenMint.SECRET, "token.clock.skew.ms", "30000"));
    Duration ahead = Duration.ofSeconds(29);
    String early =
        TokenMint.sign(
            mint.claims("u1", TTL).notBeforeTime(Date.from(clock.instant().plus(ahead))));
    String late =
        TokenMint.sign(
            mint.claims("u1", TTL)
                .notBeforeTime(Date.from(clock.instant().plus(ahead.plusSeconds(2)))));

    assertThat(tolerant.verify(early)).isInstanceOf(Granted.class);
    assertThat(tolerant.verify(late)).isInstanceOf(Refused.class);
    clock.advance(TTL);
    assertThat(tolerant.verify(early)).isEqualTo(new Refused(Refusal.EXPIRED, "expired"));
  }

  private void assertRefused(String token) {
    assertThat(verify(token))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(Refusal.INVALID));
  }

  private Grants granted(String token) {
    Verdict verdict = verify(token);
    assertThat(verdict).isInstanceOf(Granted.class);
    return ((Granted) verdict).grants();
  }

  private Verdict verify(String token) {
    return verifier.verify(token);
  }

  private TokenVerifier verifier(Map<String, String> settings) {
    return new TokenVerifier(TokenMint.settings(settings), Optional.empty(), clock);
  }

  private static String typed(String type, JWTClaimsSet claims) {
    return TokenMint.sign(
        new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType(type)).build(),
        TokenMint.SECRET,
        claims);
  }

  /** Signs what no library would. */
  private static String signedByHand(String header, String claims) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(TokenMint.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String signed = base64(header) + "." + base64(claims);
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
