package io.runwire.loadtest.process;

import java.util.function.Predicate;

/** The {@link Traffic} of the moment; whoever may not pass waits here. Thread-safe. */
final class Gate {
  private Traffic traffic = Traffic.FREE;

  synchronized void set(Traffic changed) {
    traffic = changed;
    notifyAll();
  }

  /** Returns as soon as the direction is open. */
  synchronized Traffic pass(Predicate<Traffic> open) throws InterruptedException {
    while (!open.test(traffic)) {
      wait();
    }
    return traffic;
  }
}
