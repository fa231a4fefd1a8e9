package io.runwire.loadtest.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a condition. */
public final class Await {
  private static final long LOOK_AGAIN_MS = 100;

  /** Something that may be true yet; what it throws means: not yet. */
  public interface Condition {
    boolean holds() throws InterruptedException, ExecutionException, IOException;
  }

  private Await() {}

  /**
   * Returns as soon as it holds.
   *
   * @throws TimeoutException naming what was waited for, with the last failure as its cause
   */
  public static void until(String what, Duration patience, Condition condition)
      throws InterruptedException, TimeoutException {
    long giveUpNs = System.nanoTime() + patience.toNanos();
    Exception last = null;
    while (System.nanoTime() < giveUpNs) {
      try {
        if (condition.holds()) {
          return;
        }
        last = null;
      } catch (ExecutionException | IOException notYet) {
        last = notYet;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
    }
    TimeoutException timeout =
        new TimeoutException("not within " + patience.toSeconds() + " s: " + what);
    if (last != null) {
      timeout.initCause(last);
    }
    throw timeout;
  }
}
