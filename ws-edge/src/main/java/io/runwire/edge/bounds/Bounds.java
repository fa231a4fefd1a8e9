package io.runwire.edge.bounds;

import io.runwire.edge.settings.BoundsSettings;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/** The bounds of one node: how many may be there, and when something is due. */
public record Bounds(
    BoundsSettings settings, BoundsMetrics metrics, Places places, Deadlines deadlines) {
  /**
   * New ones, with nobody there.
   *
   * @param nanoTime a monotonic clock: a step of the wall clock must not end anything
   */
  public static Bounds of(
      BoundsSettings settings,
      BoundsMetrics metrics,
      ScheduledExecutorService timer,
      LongSupplier nanoTime) {
    return new Bounds(
        settings, metrics, new Places(settings, metrics), new Deadlines(timer, nanoTime));
  }
}
