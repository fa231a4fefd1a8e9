package io.runwire.deploy.replay;

/** The edge does not give this replay, and will not if it is asked again. */
public final class ReplayRefusedException extends Exception {
  public ReplayRefusedException(String message) {
    super(message);
  }
}
