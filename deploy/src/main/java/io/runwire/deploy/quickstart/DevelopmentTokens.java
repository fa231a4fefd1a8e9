package io.runwire.deploy.quickstart;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.runwire.edge.console.Playground.Token;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Signs tokens with a key that was made up at the start and that nobody else knows: for the
 * quickstart and for tests. Thread-safe.
 */
public final class DevelopmentTokens {
  public static final String ISSUER = "runwire-development";
  public static final String AUDIENCE = "runwire";

  private static final int SECRET_BYTES = 32;

  private final String secret;
  private final Clock clock;

  public DevelopmentTokens(Clock clock) {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    this.secret = HexFormat.of().formatHex(random);
    this.clock = clock;
  }

  /** What an edge needs to verify these tokens. */
  public String secret() {
    return secret;
  }

  /**
   * A token.
   *
   * @param threads patterns, e.g. {@code demo.*}
   * @param actions {@code subscribe}, {@code history}, {@code ledger}
   */
  public Token issue(String subject, Duration ttl, List<String> threads, List<String> actions) {
    Instant now = clock.instant();
    Instant expiresAt = now.plus(ttl);
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(subject)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt))
            .claim(
                "authorization_details",
                List.of(Map.of("type", "runwire", "actions", actions, "threads", threads)))
            .build();
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      jwt.sign(new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException("HS256 signs with 64 chars", e);
    }
    return new Token(jwt.serialize(), expiresAt);
  }
}
