package io.runwire.producer.runner;

import java.util.concurrent.CancellationException;

/** An attempt was cancelled by its handle; unlike a cancellation that the agent's own code met. */
final class CancelledFromOutside extends CancellationException {
  private static final long serialVersionUID = 1L;
}
