package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * By which keys, and for whom, a token must have been made.
 *
 * @param secrets for HS256: the current one, and the previous one while it is being replaced
 * @param keyServer for RS256 and ES256
 * @param algorithms the only ones that are accepted
 * @param issuer the expected {@code iss}
 * @param audience the expected {@code aud}
 * @param clockSkew by how much the issuer's clock may be ahead of ours when it says {@code nbf};
 *     {@code exp} is taken at its word
 */
public record TokenSettings(
    List<SecretKey> secrets,
    Optional<KeyServer> keyServer,
    Set<JWSAlgorithm> algorithms,
    String issuer,
    String audience,
    Duration clockSkew) {

  /**
   * Where the issuer publishes its keys (a JSON Web Key Set).
   *
   * @param refresh how often the keys are fetched
   * @param outage how long known keys are good for after the last successful fetch
   */
  public record KeyServer(URI url, Duration refresh, Duration outage) {}

  private static final String SECRET = "token.hs256.secret";
  private static final String PREVIOUS_SECRET = "token.hs256.secret.previous";
  private static final String URL = "token.jwks.url";
  private static final String REFRESH = "token.jwks.refresh.ms";
  private static final String OUTAGE = "token.jwks.outage.ms";
  private static final String ALGORITHMS = "token.algorithms";
  private static final String ISSUER = "token.issuer";
  private static final String AUDIENCE = "token.audience";
  private static final String CLOCK_SKEW = "token.clock.skew.ms";

  private static final int MIN_SECRET_BYTES = 32; // RFC 7518 §3.2: as long as the hash
  private static final long MAX_SKEW_MS = 300_000;
  private static final Set<String> BY_SECRET = Set.of("HS256");
  private static final Set<String> BY_KEY_SERVER = Set.of("RS256", "ES256");

  public TokenSettings {
    secrets = List.copyOf(secrets);
    algorithms = Set.copyOf(algorithms);
  }

  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    ConfigDef.Validator something = new ConfigDef.NonEmptyString();
    keys.define(SECRET, Type.PASSWORD, null, HIGH, "Shared secret, 32 bytes or more.")
        .define(PREVIOUS_SECRET, Type.PASSWORD, null, MEDIUM, "Still accepted, for a rotation.")
        .define(URL, Type.STRING, null, HIGH, "Where the issuer publishes its keys.")
        .define(REFRESH, Type.LONG, 300_000L, atLeast(1_000), MEDIUM, "How often to fetch them.")
        .define(OUTAGE, Type.LONG, 3_600_000L, atLeast(1_000), MEDIUM, "How long they stay good.")
        .define(ALGORITHMS, Type.LIST, "", MEDIUM, "Of HS256, RS256, ES256.")
        .define(ISSUER, Type.STRING, ConfigDef.NO_DEFAULT_VALUE, something, HIGH, "Expected iss.")
        .define(AUDIENCE, Type.STRING, "runwire", something, MEDIUM, "Expected aud.")
        .define(
            CLOCK_SKEW, Type.LONG, 10_000L, between(0, MAX_SKEW_MS), MEDIUM, "Tolerated for nbf.");
  }

  /**
   * Reads them.
   *
   * @throws ConfigException if a secret is short, the keys' address can be tampered with, or two
   *     kinds of keys stand side by side without having been asked for
   */
  public static TokenSettings of(AbstractConfig values) {
    List<SecretKey> secrets = secrets(values);
    Optional<KeyServer> keyServer = keyServer(values);
    if (secrets.isEmpty() && keyServer.isEmpty()) {
      throw new ConfigException(SECRET + ": none (expected: a secret, or " + URL + ")");
    }
    return new TokenSettings(
        secrets,
        keyServer,
        algorithms(values.getList(ALGORITHMS), !secrets.isEmpty(), keyServer.isPresent()),
        values.getString(ISSUER),
        values.getString(AUDIENCE),
        Duration.ofMillis(values.getLong(CLOCK_SKEW)));
  }

  @Override
  public String toString() {
    return "TokenSettings["
        + secrets.size()
        + " secrets withheld, keyServer="
        + keyServer
        + ", algorithms="
        + algorithms
        + ", issuer="
        + issuer
        + ", audience="
        + audience
        + "]";
  }

  private static List<SecretKey> secrets(AbstractConfig values) {
    List<SecretKey> secrets = new ArrayList<>();
    for (String key : List.of(SECRET, PREVIOUS_SECRET)) {
      Password given = values.getPassword(key);
      if (given != null) {
        secrets.add(secret(key, given.value().getBytes(StandardCharsets.UTF_8)));
      }
    }
    if (values.getPassword(SECRET) == null && !secrets.isEmpty()) {
      throw new ConfigException(PREVIOUS_SECRET + ": alone (expected: beside " + SECRET + ")");
    }
    return secrets;
  }

  private static SecretKey secret(String key, byte[] bytes) {
    if (bytes.length < MIN_SECRET_BYTES) {
      throw new ConfigException(
          key + ": " + bytes.length + " bytes (expected: >= " + MIN_SECRET_BYTES + ")");
    }
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  private static Optional<KeyServer> keyServer(AbstractConfig values) {
    Duration refresh = Duration.ofMillis(values.getLong(REFRESH));
    Duration outage = Duration.ofMillis(values.getLong(OUTAGE));
    if (outage.compareTo(refresh) < 0) {
      throw new ConfigException(
          OUTAGE
              + ": "
              + outage.toMillis()
              + " (expected: >= "
              + REFRESH
              + ", "
              + refresh.toMillis()
              + ")");
    }
    return Optional.ofNullable(values.getString(URL))
        .map(url -> new KeyServer(trustworthy(url), refresh, outage));
  }

  /** Who can alter the answer on its way can sign tokens: plain HTTP is for this machine only. */
  private static URI trustworthy(String value) {
    try {
      URI url = URI.create(value);
      String host = String.valueOf(url.getHost());
      boolean here = Set.of("localhost", "127.0.0.1", "[::1]").contains(host);
      if (url.getHost() != null
          && ("https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && here))) {
        return url;
      }
    } catch (IllegalArgumentException notAUri) {
      // Falls through to the one message.
    }
    throw new ConfigException(
        URL + ": " + value + " (expected: https://…, or http:// to a loopback address)");
  }

  /**
   * What is accepted: what the configured keys are for. Where both kinds of keys stand side by
   * side, the algorithms must be spelled out, so that nobody accepts a second kind by accident.
   */
  private static Set<JWSAlgorithm> algorithms(
      List<String> given, boolean bySecret, boolean byKeyServer) {
    Set<String> possible = new TreeSet<>();
    possible.addAll(bySecret ? BY_SECRET : Set.of());
    possible.addAll(byKeyServer ? BY_KEY_SERVER : Set.of());
    Set<String> chosen = new TreeSet<>(given);
    if (given.isEmpty() && !(bySecret && byKeyServer)) {
      chosen = possible;
    }
    boolean allUsed =
        (!bySecret || !Collections.disjoint(chosen, BY_SECRET))
            && (!byKeyServer || !Collections.disjoint(chosen, BY_KEY_SERVER));
    if (!possible.containsAll(chosen) || !allUsed) {
      throw new ConfigException(
          ALGORITHMS
              + ": "
              + given
              + " (expected: of "
              + possible
              + ", at least one for each of "
              + SECRET
              + " and "
              + URL
              + " that is set)");
    }
    return chosen.stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
  }
}
