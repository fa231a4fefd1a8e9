package io.runwire.edge.access;

/** What came of looking at a token. */
public sealed interface Verdict {
  record Granted(Grants grants) implements Verdict {}

  /** {@code why} is for our log and metrics, never for the peer. */
  record Refused(Refusal refusal, String why) implements Verdict {}
}
