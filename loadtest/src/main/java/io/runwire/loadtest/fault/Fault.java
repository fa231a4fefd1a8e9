package io.runwire.loadtest.fault;

import io.runwire.loadtest.process.RunwireSystem;
import java.time.Duration;
import java.util.Random;

/**
 * Something that goes wrong on purpose.
 *
 * @param lasts how long from start to stop
 * @param survival whether readers are to notice
 * @param injection that makes it happen
 */
public record Fault(
    int number,
    String name,
    String description,
    Duration lasts,
    Survival survival,
    Injection injection)
    implements Entry {

  /** What the system owes its readers under a fault. */
  public enum Survival {
    /** Nothing is lost. */
    WHOLE,
    /** Kafka itself loses, or the operator broke the rules: no loss may be silent. */
    LOUD
  }

  /** Makes it happen. */
  public interface Injection {
    /**
     * Begins.
     *
     * @param random decides what is left open: which part, in which order
     */
    Damage start(RunwireSystem system, Random random) throws Exception;
  }

  /** What a started fault has done to the system. */
  public interface Damage {
    /** Sets it right; the parts need not be ready again when it returns. */
    void undo() throws Exception;
  }

  static Fault whole(
      int number, String name, String description, int seconds, Injection injection) {
    return new Fault(
        number, name, description, Duration.ofSeconds(seconds), Survival.WHOLE, injection);
  }

  static Fault loud(int number, String name, String description, int seconds, Injection injection) {
    return new Fault(
        number, name, description, Duration.ofSeconds(seconds), Survival.LOUD, injection);
  }

  /** Whether this can happen to such a system. */
  public boolean possible(RunwireSystem system) {
    return number != Catalogue.BALANCER || system.balancer().isPresent();
  }

  @Override
  public String toString() {
    return number + " " + name;
  }
}
