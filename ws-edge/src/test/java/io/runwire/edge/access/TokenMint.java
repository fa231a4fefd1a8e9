package io.runwire.edge.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.runwire.config.Settings;
import io.runwire.edge.settings.TokenSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Signs tokens as an application's login would. */
public final class TokenMint {
  public static final String SECRET = "a secret of at least thirty-two bytes";
  public static final String ISSUER = "https://login.example.com";
  public static final String AUDIENCE = "runwire";
  public static final Duration TTL = Duration.ofMinutes(15);

  private final Clock clock;

  public TokenMint(Clock clock) {
    this.clock = clock;
  }

  /** Everything on every thread. */
  public String all() {
    return token("u1", TTL, List.of("subscribe", "history", "ledger"), "*");
  }

  public String token(String subject, Duration ttl, List<String> actions, String... threads) {
    return sign(claims(subject, ttl).claim("authorization_details", details(actions, threads)));
  }

  /** The settings of whoever trusts this mint; {@code further} say by which keys. */
  static TokenSettings settings(Map<String, String> further) {
    ConfigDef keys = new ConfigDef();
    TokenSettings.define(keys);
    Map<String, String> settings = new HashMap<>(further);
    settings.put("token.issuer", ISSUER);
    settings.put("token.audience", AUDIENCE);
    return TokenSettings.of(Settings.read(keys, settings));
  }

  /** Valid claims, to be spoiled by a test. */
  public JWTClaimsSet.Builder claims(String subject, Duration ttl) {
    return new JWTClaimsSet.Builder()
        .subject(subject)
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .expirationTime(Date.from(clock.instant().plus(ttl)))
        .claim("authorization_details", details(List.of("subscribe"), "t"));
  }

  public static List<Map<String, Object>> details(List<String> actions, String... threads) {
    return List.of(
        Map.of("type", "runwire", "actions", actions, "threads", List.of((Object[]) threads)));
  }

  static String sign(JWTClaimsSet.Builder claims) {
    return sign(new JWSHeader(JWSAlgorithm.HS256), SECRET, claims.build());
  }

  public static String sign(JWSHeader header, String secret, JWTClaimsSet claims) {
    try {
      SignedJWT jwt = new SignedJWT(header, claims);
      jwt.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
