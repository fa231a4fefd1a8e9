package io.runwire.frame;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Every code with which a socket is closed, and whether the client should come back with its
 * cursor. 4000–4499 mean come back, 4500–4999 mean don't.
 */
public enum CloseCode {
  NORMAL(1000, true, "bye"),
  GOING_AWAY(1001, true, "going away"),
  PROTOCOL(1002, false, "protocol error"),
  UNSUPPORTED(1003, false, "text frames only"),
  NOT_UTF8(1007, false, "not UTF-8"),
  POLICY(1008, false, "policy"),
  TOO_BIG(1009, false, "frame too big"),
  INTERNAL(1011, true, "internal error"),
  DRAINED(1012, true, "draining"),
  NODE_FULL(1013, true, "node full"),
  IDLE(4001, true, "idle"),
  TOKEN_EXPIRED(4005, true, "token expired"),
  TOO_SLOW(4008, true, "too slow"),
  NO_PONG(4012, true, "no pong"),
  RATE_EXCEEDED(4013, true, "rate exceeded"),
  TOKEN_INVALID(4500, false, "token invalid"),
  BAD_REQUESTS(4501, false, "bad requests"),
  NO_AUTH(4502, false, "no auth in time"),
  REPLACED(4504, false, "replaced by a newer connection"),
  FORBIDDEN(4507, false, "forbidden");

  /**
   * What a client may meet all the same: a browser that leaves the page, a proxy that stops or has
   * rules of its own. No edge sends them.
   */
  public static final Set<CloseCode> RESERVED =
      Collections.unmodifiableSet(EnumSet.of(GOING_AWAY, POLICY));

  private final int code;
  private final boolean reconnect;
  private final String reason;

  CloseCode(int code, boolean reconnect, String reason) {
    this.code = code;
    this.reconnect = reconnect;
    this.reason = reason;
  }

  /** What a code on the wire stands for; empty where it is none of ours. */
  public static Optional<CloseCode> of(int code) {
    return Arrays.stream(values()).filter(each -> each.code == code).findFirst();
  }

  /** The code on the wire. */
  public int code() {
    return code;
  }

  /** Whether the client should reconnect with its cursor. */
  public boolean reconnect() {
    return reconnect;
  }

  /** At most 32 ASCII bytes. */
  public String reason() {
    return reason;
  }
}
