package io.runwire.edge.bounds;

import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;

/** Why somebody is not let in. */
public enum Refusal {
  /** The edge is draining. */
  DRAINING(ErrorCode.DRAINING, CloseCode.DRAINED, "this node is draining"),
  /** Too many connections of the same client address. */
  ADDRESS(
      ErrorCode.TOO_MANY_CONNECTIONS, CloseCode.NODE_FULL, "too many connections of this address"),
  /** The pool of sockets without a token is full. */
  UNAUTHENTICATED(ErrorCode.NODE_FULL, CloseCode.NODE_FULL, "no room without a token"),
  /** The node is full, and is configured to refuse newcomers. */
  NODE(ErrorCode.NODE_FULL, CloseCode.NODE_FULL, "this node is full");

  private final ErrorCode error;
  private final CloseCode close;
  private final String detail;

  Refusal(ErrorCode error, CloseCode close, String detail) {
    this.error = error;
    this.close = close;
    this.detail = detail;
  }

  /** What the answer to a request says. */
  public ErrorCode error() {
    return error;
  }

  /** What a socket that is open already is closed with. */
  public CloseCode close() {
    return close;
  }

  /** For a person to read. */
  public String detail() {
    return detail;
  }
}
