package io.runwire.edge.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.runwire.edge.access.Grants.Right;
import io.runwire.edge.access.RemoteKeys.UndecidedException;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import io.runwire.edge.settings.TokenSettings;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JWT (RFC 9068 claims, RFC 9396 authorization details) and reads its grants. Algorithm
 * and key are pinned by configuration, whatever the token says of itself. Never waits. Thread-safe.
 */
public final class TokenVerifier {
  private static final int MAX_CHARS = 16 << 10;
  private static final String DETAILS = "authorization_details";
  private static final String DETAIL_TYPE = "runwire";
  private static final Duration FURTHEST_END = Duration.ofDays(36_500);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Clock clock;

  /**
   * @param keys the issuer's, where the settings name a key server
   */
  public TokenVerifier(TokenSettings settings, Optional<RemoteKeys> keys, Clock clock) {
    this.clock = clock;
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), JOSEObjectType.JWT, null));
    processor.setJWSKeySelector(pinned(settings, keys));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            Set.of(settings.audience()),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("sub", "exp"),
            null) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew((int) settings.clockSkew().plusMillis(999).toSeconds());
    processor.setJWTClaimsSetVerifier(claims);
  }

  /** Secrets for HS256 and the issuer's keys for the rest: neither ever serves the other. */
  private static JWSKeySelector<SecurityContext> pinned(
      TokenSettings settings, Optional<RemoteKeys> remote) {
    Set<JWSAlgorithm> asymmetric = new HashSet<>(settings.algorithms());
    boolean symmetric = asymmetric.remove(JWSAlgorithm.HS256);
    JWSKeySelector<SecurityContext> none = (header, context) -> List.of();
    JWSKeySelector<SecurityContext> bySecret =
        symmetric
            ? new JWSVerificationKeySelector<>(
                JWSAlgorithm.HS256, new ImmutableJWKSet<>(secrets(settings)))
            : none;
    JWSKeySelector<SecurityContext> byKey =
        asymmetric.isEmpty()
            ? none
            : new JWSVerificationKeySelector<>(asymmetric, remote.orElseThrow());
    return (header, context) ->
        bringsItsOwnKey(header)
            ? List.of()
            : (JWSAlgorithm.HS256.equals(header.getAlgorithm()) ? bySecret : byKey)
                .selectJWSKeys(header, context);
  }

  private static JWKSet secrets(TokenSettings settings) {
    List<JWK> secrets = new ArrayList<>();
    for (SecretKey secret : settings.secrets()) {
      secrets.add(new OctetSequenceKey.Builder(secret).build());
    }
    return new JWKSet(secrets);
  }

  /** No honest issuer of ours needs to, and nobody shall find out what we would do with it. */
  private static boolean bringsItsOwnKey(JWSHeader header) {
    return header.getJWKURL() != null
        || header.getJWK() != null
        || header.getX509CertURL() != null
        || header.getX509CertChain() != null;
  }

  public Verdict verify(String token) {
    if (token.length() > MAX_CHARS) {
      return new Refused(Refusal.INVALID, "over " + MAX_CHARS + " chars");
    }
    try {
      JWTClaimsSet claims = processor.process(token, null);
      String subject = claims.getSubject();
      Date expires = claims.getExpirationTime();
      if (subject == null || subject.isEmpty() || expires == null) {
        return new Refused(Refusal.INVALID, "empty sub or exp");
      }
      if (!clock.instant().isBefore(expires.toInstant())) {
        return new Refused(Refusal.EXPIRED, "expired");
      }
      return new Granted(
          new Grants(subject, end(expires.toInstant()), rights(claims.getListClaim(DETAILS))));
    } catch (ExpiredJWTException e) {
      return new Refused(Refusal.EXPIRED, "expired");
    } catch (UndecidedException e) {
      return new Refused(Refusal.UNDECIDED, String.valueOf(e.getMessage()));
    } catch (ParseException | BadJOSEException | JOSEException | MalformedDetails e) {
      return new Refused(Refusal.INVALID, String.valueOf(e.getMessage()));
    }
  }

  /** Nothing is connected for so long, and timers count no further than 292 years. */
  private Instant end(Instant expires) {
    Instant furthest = clock.instant().plus(FURTHEST_END);
    return expires.isBefore(furthest) ? expires : furthest;
  }

  private static List<Right> rights(@Nullable List<?> details) throws MalformedDetails {
    List<Right> rights = new ArrayList<>();
    if (details != null) {
      for (Object detail : details) {
        if (detail instanceof Map<?, ?> map && DETAIL_TYPE.equals(map.get("type"))) {
          rights.add(right(map));
        }
      }
    }
    return List.copyOf(rights);
  }

  private static Right right(Map<?, ?> detail) throws MalformedDetails {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (String name : strings(detail.get("actions"), "actions")) {
      // An action of a later version is no reason to refuse those that we know.
      Action.named(name).ifPresent(actions::add);
    }
    List<ThreadPattern> threads = new ArrayList<>();
    for (String text : strings(detail.get("threads"), "threads")) {
      Optional<ThreadPattern> pattern = ThreadPattern.parse(text);
      threads.add(pattern.orElseThrow(() -> new MalformedDetails("thread pattern")));
    }
    return new Right(actions, List.copyOf(threads));
  }

  private static List<String> strings(@Nullable Object value, String name) throws MalformedDetails {
    if (!(value instanceof List<?> list)) {
      throw new MalformedDetails(name + ": expected a list");
    }
    List<String> strings = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof String text)) {
        throw new MalformedDetails(name + ": expected strings");
      }
      strings.add(text);
    }
    return strings;
  }

  private static final class MalformedDetails extends Exception {
    MalformedDetails(String message) {
      super(message, null, false, false);
    }
  }
}
