package io.runwire.deploy.cli;

import io.runwire.deploy.quickstart.DevelopmentTokens;
import io.runwire.loadtest.process.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How this command line's own programs are run, with tokens that nobody else has. */
public final class DevelopmentLaunch {
  /** What {@code deploy/balancer} gives to operators. */
  private static final String HAPROXY = "/io/runwire/deploy/balancer/haproxy.cfg";

  private DevelopmentLaunch() {}

  /**
   * A launch with a new secret.
   *
   * @param validFor of each token
   */
  public static Launch of(Duration validFor) {
    DevelopmentTokens tokens = new DevelopmentTokens(Clock.systemUTC());
    return new Launch(
        RunwireCommand.class,
        Map.of(
            "token.hs256.secret", tokens.secret(),
            "token.issuer", DevelopmentTokens.ISSUER,
            "token.audience", DevelopmentTokens.AUDIENCE),
        user ->
            tokens
                .issue(user, validFor, List.of("*"), List.of("subscribe", "history", "ledger"))
                .token(),
        haproxy());
  }

  private static String haproxy() {
    try (InputStream given = DevelopmentLaunch.class.getResourceAsStream(HAPROXY)) {
      if (given == null) {
        throw new IllegalStateException(HAPROXY + " is missing from the class path");
      }
      return new String(given.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
