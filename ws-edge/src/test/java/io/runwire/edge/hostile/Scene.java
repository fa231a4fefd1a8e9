package io.runwire.edge.hostile;

import io.runwire.edge.TestEdge;

/** Where an input is tried: an edge, and somebody else on it who must not notice. */
record Scene(TestEdge edge, Bystander bystander) {
  /** A heartbeat finds out who is gone. */
  void letAHeartbeatPass() throws Exception {
    edge.timer.advance(TestEdge.HEARTBEAT);
    bystander.answersThePing();
  }

  /** Time passes until whoever does not answer the next heartbeat is closed. */
  void letThePongDeadlinePass() throws Exception {
    letAHeartbeatPass();
    edge.timer.advance(TestEdge.PONG);
  }
}
