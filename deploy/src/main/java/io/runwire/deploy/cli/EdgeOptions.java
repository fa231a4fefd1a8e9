package io.runwire.deploy.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which edge is asked, and with which token. */
final class EdgeOptions {
  private static final Duration TTL = Duration.ofHours(1);

  /** A token is exchanged so long before its end. */
  private static final Duration RESERVE = Duration.ofMinutes(10);

  @Option(names = "--token", description = "Default: a development token of the quickstart.")
  private @Nullable String token;

  @Option(names = "--url", defaultValue = "http://localhost:8080", description = "The edge.")
  private URI url = URI.create("http://localhost:8080");

  private @Nullable String held;
  private Instant renewAt = Instant.MIN;

  URI url() {
    return url;
  }

  /** The token that was named, or a development token that is good for a while. */
  String token(String subject) throws InterruptedException {
    if (token != null) {
      return token;
    }
    Instant now = Instant.now();
    String known = held;
    if (known == null || now.isAfter(renewAt)) {
      known =
          new DevelopmentEdge(url).token(subject, TTL, List.of("*"), List.of("history", "ledger"));
      held = known;
      renewAt = now.plus(TTL).minus(RESERVE);
    }
    return known;
  }
}
