package io.runwire.edge.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.runwire.edge.access.Grants.Right;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Checks a JWT (RFC 9068 claims, RFC 9396 authorization details) and reads its grants. Algorithm
 * and key are pinned by configuration, whatever the token says of itself. Thread-safe.
 */
public final class TokenVerifier {
  private static final int MAX_CHARS = 16 << 10;
  private static final String DETAILS = "authorization_details";
  private static final String DETAIL_TYPE = "runwire";

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  private TokenVerifier(
      JWSVerificationKeySelector<SecurityContext> keys,
      String issuer,
      String audience,
      Clock clock) {
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"), JOSEObjectType.JWT, null));
    processor.setJWSKeySelector(keys);
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            Set.of(audience),
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp"),
            null) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew(0);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /** Tokens signed with one shared secret of at least 256 bits. */
  public static TokenVerifier hs256(SecretKey key, String issuer, String audience, Clock clock) {
    return new TokenVerifier(
        new JWSVerificationKeySelector<>(JWSAlgorithm.HS256, new ImmutableSecret<>(key)),
        issuer,
        audience,
        clock);
  }

  public Verdict verify(String token) {
    if (token.length() > MAX_CHARS) {
      return new Refused(false, "over " + MAX_CHARS + " chars");
    }
    try {
      JWTClaimsSet claims = processor.process(token, null);
      String subject = claims.getSubject();
      Date expires = claims.getExpirationTime();
      if (subject == null || subject.isEmpty() || expires == null) {
        return new Refused(false, "empty sub or exp");
      }
      return new Granted(
          new Grants(subject, expires.toInstant(), rights(claims.getListClaim(DETAILS))));
    } catch (ExpiredJWTException e) {
      return new Refused(true, "expired");
    } catch (ParseException | BadJOSEException | JOSEException | MalformedDetails e) {
      return new Refused(false, String.valueOf(e.getMessage()));
    }
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
