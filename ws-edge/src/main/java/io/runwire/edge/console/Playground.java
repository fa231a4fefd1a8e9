package io.runwire.edge.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What only a development edge offers to its console: tokens for the asking, and a demo agent. The
 * quickstart implements it; a production edge has none.
 */
public interface Playground {
  /**
   * A new token.
   *
   * @param subject the user
   * @param threads thread patterns that the token covers
   * @param actions that it allows
   */
  Token token(String subject, Duration ttl, List<String> threads, List<String> actions);

  /** Starts a run of the demo agent and returns at once. */
  DemoRun start(String question, String thread);

  /** The WebSocket addresses of all edges. */
  List<String> edges();

  record Token(String token, Instant expiresAt) {}

  record DemoRun(String thread, String run) {}
}
