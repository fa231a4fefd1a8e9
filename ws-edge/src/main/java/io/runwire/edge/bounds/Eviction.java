package io.runwire.edge.bounds;

import io.runwire.frame.CloseCode;

/** Why a connection makes room for another. */
public enum Eviction {
  /** Its user has opened one more than he may. */
  USER(CloseCode.REPLACED),
  /** It is the oldest of a full node. */
  NODE(CloseCode.NODE_FULL),
  /**
   * Its user has opened it anew, under the name that he gave it: he hears no code any more. If he
   * does, since the newer request came first, he is to come back.
   */
  TAKEN_OVER(CloseCode.IDLE);

  private final CloseCode code;

  Eviction(CloseCode code) {
    this.code = code;
  }

  /** What the connection is closed with. */
  public CloseCode code() {
    return code;
  }
}
