package io.runwire.edge.hub;

/** What a peer did not do in time. */
public enum RetryCause {
  /** Read, so that a write could end. */
  WRITE,
  /** Acknowledge, as it said that it would. */
  ACK
}
