package io.runwire.edge.hub;

import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one socket: answers first, then what the subscriptions have, a batch at a time. The
 * next is taken when the last is written, so that a slow socket holds nothing. Belongs to the
 * connection's delivery loop.
 */
final class Sender {
  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  /** Answers waiting for a socket that asks but does not read. */
  private static final int MAX_CONTROLS = 256;

  private final Connection connection;
  private final Subscriptions subscriptions;
  private final Outlet outlet;
  private final InFlight inFlight;

  /** What waits and is no event. */
  private final ArrayDeque<ServerFrame> controls = new ArrayDeque<>(0);

  private boolean gathering;
  private boolean pumpAgain;
  private boolean ended;

  Sender(Connection connection, Subscriptions subscriptions, Outlet outlet, ReadPath path) {
    this.connection = connection;
    this.subscriptions = subscriptions;
    this.outlet = outlet;
    this.inFlight = new InFlight(path);
  }

  /** Whether nothing is being written and no answer waits. */
  boolean isIdle() {
    return inFlight.isEmpty() && controls.isEmpty();
  }

  InFlight inFlight() {
    return inFlight;
  }

  /** Has a frame wait for the next write; false where too many wait. */
  boolean offer(ServerFrame frame) {
    return controls.size() < MAX_CONTROLS && controls.add(frame);
  }

  /** Starts a write if none is in flight and there is something to write. */
  void pump() {
    if (gathering || ended || !inFlight.isEmpty()) {
      pumpAgain = true;
      return;
    }
    try {
      do {
        pumpAgain = false;
        Batch batch = nextBatch();
        if (!batch.isEmpty() && !ended) {
          inFlight.begin(batch);
          outlet.write(batch.frames(), new Completion());
        }
      } while (pumpAgain && inFlight.isEmpty() && !ended);
    } catch (RuntimeException e) {
      // It would hang with its write half begun; the client comes back with its cursor.
      log.error("connection {} cannot go on", connection.id(), e);
      connection.close(CloseCode.INTERNAL);
    }
  }

  /** Writes no more, and waits for nothing. */
  void end() {
    ended = true;
    inFlight.end();
    controls.clear();
  }

  private Batch nextBatch() {
    gathering = true; // what the subscriptions do while they are asked must not start a write
    Batch batch = new Batch();
    for (ServerFrame frame = controls.poll(); frame != null; frame = controls.poll()) {
      batch.add(frame);
    }
    if (subscriptions.fill(batch)) {
      connection.execute(this::pump);
    }
    gathering = false;
    return batch;
  }

  /** Reports a write's end on the loop. */
  private final class Completion implements Outlet.Written {
    @Override
    public void succeeded() {
      connection.execute(
          () -> {
            subscriptions.written(inFlight.end());
            pump();
          });
    }

    @Override
    public void failed(Throwable cause) {
      log.debug("connection {}: write failed: {}", connection.id(), String.valueOf(cause));
      connection.closed();
    }
  }
}
