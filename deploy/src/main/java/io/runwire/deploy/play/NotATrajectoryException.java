package io.runwire.deploy.play;

import java.io.IOException;

/** A file that was to be played is no recorded run; the message says what is wrong with it. */
public final class NotATrajectoryException extends IOException {
  NotATrajectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
