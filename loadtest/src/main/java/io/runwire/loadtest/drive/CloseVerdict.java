package io.runwire.loadtest.drive;

import io.runwire.frame.CloseCode;

/** What a close code asks of a client. */
enum CloseVerdict {
  RECONNECT,
  /** Reconnect, but only after a pause. */
  RECONNECT_LATER,
  END;

  private static final int FIRST_FINAL_CODE = 4500;

  /** The verdict; a code that a later edge may send is judged by its range. */
  static CloseVerdict on(int code) {
    if (code == CloseCode.RATE_EXCEEDED.code()) {
      return RECONNECT_LATER;
    }
    for (CloseCode known : CloseCode.values()) {
      if (known.code() == code) {
        return known.reconnect() ? RECONNECT : END;
      }
    }
    return code < FIRST_FINAL_CODE ? RECONNECT : END;
  }
}
