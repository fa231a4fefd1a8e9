package io.runwire.loadtest.measure;

import java.util.concurrent.TimeUnit;

/** A stretch of time, in ms since the epoch. */
record Phase(long fromMs, long toMs) {
  /** Waits it out, beginning now. */
  static Phase lasting(long ms) throws InterruptedException {
    long from = System.currentTimeMillis();
    TimeUnit.MILLISECONDS.sleep(ms);
    return new Phase(from, System.currentTimeMillis());
  }

  long lengthMs() {
    return toMs - fromMs;
  }

  boolean covers(long startMs, long endMs) {
    return startMs >= fromMs && endMs <= toMs;
  }
}
