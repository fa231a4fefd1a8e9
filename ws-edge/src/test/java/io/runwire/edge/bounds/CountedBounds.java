package io.runwire.edge.bounds;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was counted. */
final class CountedBounds implements BoundsMetrics {
  final List<Eviction> evictions = new CopyOnWriteArrayList<>();
  final List<Refusal> refusals = new CopyOnWriteArrayList<>();

  @Override
  public void evicted(Eviction why) {
    evictions.add(why);
  }

  @Override
  public void refused(Refusal why) {
    refusals.add(why);
  }

  @Override
  public void handshakeTimedOut() {
    throw new AssertionError("no handshakes here");
  }
}
