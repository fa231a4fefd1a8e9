package io.runwire.loadtest.drive;

/** The peer broke the wire protocol; the line ends with {@link #code}. */
final class WireViolation extends Exception {
  private static final long serialVersionUID = 1L;

  static final int PROTOCOL = 1002;
  static final int TOO_BIG = 1009;

  private final int code;
  private final String reason;

  WireViolation(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  String reason() {
    return reason;
  }
}
