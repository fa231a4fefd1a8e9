package io.runwire.deploy.cli;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/** Takes things down before the process ends: at Ctrl-C, SIGTERM, or by itself. */
final class Stopping {
  private static final int KILLED_BY_INT = 130; // as a shell reports it

  private Stopping() {}

  /** Returns never: the process ends when {@code running} is closed. */
  static void awaitSignal(AutoCloseable running) throws InterruptedException {
    beforeTheEnd(running);
    new CountDownLatch(1).await();
  }

  /** Closes {@code running} before the process ends; Ctrl-C meanwhile ends it at once. */
  static void beforeTheEnd(AutoCloseable running) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  System.err.println("Stopping ... (Ctrl-C ends it at once)");
                  // The JVM takes no further notice of a signal once it is going down.
                  Signal.handle(
                      new Signal("INT"), again -> Runtime.getRuntime().halt(KILLED_BY_INT));
                  try {
                    running.close();
                  } catch (Exception e) {
                    System.err.println("runwire: did not stop cleanly: " + e);
                  }
                },
                "runwire-stop"));
  }
}
