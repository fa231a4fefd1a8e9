package io.runwire.edge.hostile;

import static org.awaitility.Awaitility.await;

import io.runwire.edge.TestEdge;
import java.time.Duration;

/** Where an input is tried: an edge, and somebody else on it who must not notice. */
record Scene(TestEdge edge, Bystander bystander) {
  private static final Duration STEP = TestEdge.PONG.dividedBy(2);

  /**
   * Heartbeats pass until only those are left who answer. A pong's time runs from the end of its
   * ping's write, which is not told to us; so time passes in steps that the bystander can answer.
   */
  void letTheSilentBeClosed() {
    await("only the bystander is left")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              edge.timer.advance(STEP);
              bystander.isServed();
              return edge.hub.connections() == 1;
            });
  }
}
