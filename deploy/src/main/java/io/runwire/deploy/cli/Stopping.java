package io.runwire.deploy.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/** What Ctrl-C and SIGTERM do: the first takes things down in good order, the second at once. */
final class Stopping {
  private static final List<Signal> SIGNALS = List.of(new Signal("INT"), new Signal("TERM"));
  private static final int BY_SIGNAL = 128; // and its number, as a shell reports it

  private Stopping() {}

  /**
   * Has {@code begin} called at the first signal; the process then ends when its main thread does.
   */
  static void atSignal(Runnable begin) {
    AtomicBoolean begun = new AtomicBoolean();
    for (Signal signal : SIGNALS) {
      Signal.handle(
          signal,
          caught -> {
            if (begun.getAndSet(true)) {
              end(caught);
            }
            announce();
            begin.run();
          });
    }
  }

  /** Returns never: the process ends when {@code running} is closed, which a signal has done. */
  static void awaitSignal(AutoCloseable running) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(running), "runwire-stop"));
    new CountDownLatch(1).await();
  }

  private static void close(AutoCloseable running) {
    announce();
    // The JVM takes no further notice of a signal once it is going down.
    SIGNALS.forEach(signal -> Signal.handle(signal, Stopping::end));
    try {
      running.close();
    } catch (Exception e) {
      System.err.println("runwire: did not stop cleanly: " + e);
    }
  }

  private static void announce() {
    System.err.println("Stopping ... (Ctrl-C ends it at once)");
  }

  private static void end(Signal signal) {
    Runtime.getRuntime().halt(BY_SIGNAL + signal.getNumber());
  }
}
