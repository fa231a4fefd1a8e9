package io.runwire.loadtest.drive;

import io.runwire.event.Ids;
import io.runwire.frame.ClientFrameReader;
import java.util.Optional;

/**
 * What a client wants to read.
 *
 * @param run only this run's events; the client is through when the run has ended
 * @param from {@code earliest}, {@code open} or {@code latest}
 * @param ack whether it acknowledges
 * @param readsEvents how many events it reads before it stops reading, for good: given up by the
 *     edge it stays away; 0: all there are
 */
record Wish(String thread, Optional<String> run, String from, boolean ack, long readsEvents) {
  Wish {
    Ids.require("thread", thread);
    run.ifPresent(id -> Ids.require("run", id));
    if (ClientFrameReader.fromNamed(from).isEmpty()) {
      throw new IllegalArgumentException("from: " + from + " (expected: earliest, open or latest)");
    }
  }
}
