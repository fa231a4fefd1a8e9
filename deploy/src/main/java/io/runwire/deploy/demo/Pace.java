package io.runwire.deploy.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How fast text appears.
 *
 * @param perToken the time between two tokens; zero for as fast as possible
 */
public record Pace(Duration perToken) {
  /** Without any pause. */
  public static final Pace NONE = new Pace(Duration.ZERO);

  /** As a language model streams and people can follow. */
  public static final Pace READING = tokensPerSecond(60);

  private static final int TOKENS_PER_BREATH = 20;

  public Pace {
    if (perToken.isNegative()) {
      throw new IllegalArgumentException("pace: " + perToken + " (expected: >= 0)");
    }
  }

  public static Pace tokensPerSecond(double tokens) {
    if (!(tokens > 0)) {
      throw new IllegalArgumentException("tokens per second: " + tokens + " (expected: > 0)");
    }
    return new Pace(Duration.ofNanos(Math.round(1e9 / tokens)));
  }

  /** Waits as long as a token takes. */
  void token() throws InterruptedException {
    sleep(perToken);
  }

  /** Waits as between two thoughts. */
  void breath() throws InterruptedException {
    sleep(perToken.multipliedBy(TOKENS_PER_BREATH));
  }

  private static void sleep(Duration time) throws InterruptedException {
    if (Thread.interrupted()) { // also where there is no time to sleep
      throw new InterruptedException();
    }
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
