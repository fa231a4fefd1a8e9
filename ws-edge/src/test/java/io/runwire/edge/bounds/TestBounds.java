package io.runwire.edge.bounds;

import io.runwire.edge.settings.BoundsSettings;
import io.runwire.edge.settings.BoundsSettings.Inbound;
import io.runwire.edge.settings.BoundsSettings.WhenFull;
import java.time.Duration;
import java.util.List;

/** Small bounds, so that a test reaches them. */
final class TestBounds {
  static final int PER_USER = 2;
  static final int PER_NODE = 6;
  static final int UNAUTHENTICATED = 3;

  private TestBounds() {}

  static BoundsSettings of(WhenFull whenFull, int perAddress) {
    return new BoundsSettings(
        PER_USER,
        PER_NODE,
        whenFull,
        UNAUTHENTICATED,
        perAddress,
        List.of(),
        "X-Forwarded-For",
        Duration.ofSeconds(300),
        Duration.ofSeconds(60),
        new Inbound(20, 100, Inbound.DEFAULT_MESSAGE_BYTES),
        Duration.ofSeconds(5));
  }
}
