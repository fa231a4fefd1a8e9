package io.runwire.producer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to be done when the JVM shuts down. */
final class ShutdownHook {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownHook.class);

  private ShutdownHook() {}

  /**
   * Registers it.
   *
   * @return takes it back; does nothing once the JVM is shutting down
   */
  static Runnable register(Runnable stop) {
    Thread hook = new Thread(() -> run(stop), "runwire-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is shutting down: the hook runs or has run.
      }
    };
  }

  private static void run(Runnable stop) {
    try {
      stop.run();
    } catch (RuntimeException e) {
      LOG.warn("not everything was settled before the process ended: {}", e.toString());
    }
  }
}
