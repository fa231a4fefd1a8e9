package io.runwire.deploy.cli;

import java.util.concurrent.CountDownLatch;

/** Waits for Ctrl-C (or SIGTERM) and takes things down before the process ends. */
final class Stopping {
  private Stopping() {}

  /** Returns never: the process ends when {@code running} is closed. */
  static void awaitSignal(AutoCloseable running) throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  System.err.println("Stopping ...");
                  try {
                    running.close();
                  } catch (Exception e) {
                    System.err.println("runwire: did not stop cleanly: " + e);
                  }
                },
                "runwire-stop"));
    new CountDownLatch(1).await();
  }
}
