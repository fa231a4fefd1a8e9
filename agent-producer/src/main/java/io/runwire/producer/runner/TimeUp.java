package io.runwire.producer.runner;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** An attempt took longer than one may; unlike a time-out that the agent's own code met. */
final class TimeUp extends TimeoutException {
  private static final long serialVersionUID = 1L;

  TimeUp(String agent, Duration limit) {
    super(agent + " took longer than " + Seconds.of(limit) + ".");
  }
}
