package io.runwire.frame;

/** The stable codes of {@code error} frames and of problem documents. */
public enum ErrorCode {
  /** The request is not of its form. */
  BAD_REQUEST(400),
  CURSOR_MALFORMED(400),
  CURSOR_FOREIGN_THREAD(400),
  /** No token yet, or none at all. */
  UNAUTHENTICATED(401),
  /** The token does not verify, or no longer does. */
  TOKEN_INVALID(401),
  /** The token does not grant this. */
  FORBIDDEN(403),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  NOT_ACCEPTABLE(406),
  /** The path is a WebSocket's. */
  UPGRADE_REQUIRED(426),
  /** The connection follows this thread already. */
  ALREADY_SUBSCRIBED(409),
  NOT_SUBSCRIBED(409),
  TOO_MANY_SUBSCRIPTIONS(429),
  /** Too many connections of one client address. */
  TOO_MANY_CONNECTIONS(429),
  /** Too many questions of one user on their way. */
  TOO_MANY_REQUESTS(429),
  INTERNAL(500),
  /** The node has no room. */
  NODE_FULL(503),
  /** The node is going away. */
  DRAINING(503),
  /** The log cannot be read now; the edge goes on trying. */
  LOG_UNAVAILABLE(503),
  /** The ledger cannot be asked now. */
  LEDGER_UNAVAILABLE(503),
  /** The keys to judge the token by are not here; it may be good. */
  KEYS_UNAVAILABLE(503);

  private final int httpStatus;

  ErrorCode(int httpStatus) {
    this.httpStatus = httpStatus;
  }

  /** The HTTP status that goes with it. */
  public int httpStatus() {
    return httpStatus;
  }
}
