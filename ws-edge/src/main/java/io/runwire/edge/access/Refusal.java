package io.runwire.edge.access;

import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;

/** Why a token opens nothing, and what its bearer is told of it. */
public enum Refusal {
  /** Forged, malformed, or not meant for us: not worth coming back with. */
  INVALID(CloseCode.TOKEN_INVALID, ErrorCode.TOKEN_INVALID),
  /** It was good once: worth coming back with a new one. */
  EXPIRED(CloseCode.TOKEN_EXPIRED, ErrorCode.TOKEN_INVALID),
  /** The keys to judge it by are not here, perhaps not yet: worth coming back with the same. */
  UNDECIDED(CloseCode.INTERNAL, ErrorCode.KEYS_UNAVAILABLE);

  private final CloseCode closeCode;
  private final ErrorCode errorCode;

  Refusal(CloseCode closeCode, ErrorCode errorCode) {
    this.closeCode = closeCode;
    this.errorCode = errorCode;
  }

  /** How a socket is closed. */
  public CloseCode closeCode() {
    return closeCode;
  }

  /** How an HTTP request is answered. */
  public ErrorCode errorCode() {
    return errorCode;
  }
}
