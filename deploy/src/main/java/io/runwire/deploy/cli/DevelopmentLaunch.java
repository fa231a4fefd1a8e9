package io.runwire.deploy.cli;

import io.runwire.deploy.quickstart.DevelopmentTokens;
import io.runwire.loadtest.process.Launch;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How this command line's own programs are run, with tokens that nobody else has. */
final class DevelopmentLaunch {
  private DevelopmentLaunch() {}

  /**
   * A launch with a new secret.
   *
   * @param validFor of each token
   */
  static Launch of(Duration validFor) {
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
                .token());
  }
}
