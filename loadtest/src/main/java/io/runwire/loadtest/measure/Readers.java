package io.runwire.loadtest.measure;

import io.runwire.loadtest.journal.JournalTail;
import io.runwire.loadtest.journal.Journals;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A group of clients that share a process.
 *
 * @param journal what each was handed
 */
record Readers(Fleet fleet, int clients, Path journal) {
  private static final Duration WITHIN = Duration.ofSeconds(180);

  /** Returns when each of them has subscribed. */
  void awaitSubscribed() throws InterruptedException, TimeoutException {
    awaitLines("subscribed", clients);
  }

  /**
   * Returns when their journal has so many lines of a kind.
   *
   * @param kind see {@link Seen}
   */
  void awaitLines(String kind, long lines) throws InterruptedException, TimeoutException {
    JournalTail tail = new JournalTail(journal, kind);
    Await.until(
        fleet + ": " + lines + " × " + kind,
        WITHIN,
        () -> Files.exists(journal) && tail.count() >= lines);
  }

  /** So many lines of a kind by now. */
  long lines(String kind) throws IOException {
    return Files.exists(journal) ? new JournalTail(journal, kind).count() : 0;
  }

  /** What they have written down. */
  Stream<Seen> seen() {
    return Journals.seen(journal);
  }

  /** How long pulses took to arrive. */
  Path delays() {
    return delays(journal);
  }

  /** Where those who write that journal record how long pulses took. */
  static Path delays(Path journal) {
    return journal.resolveSibling(journal.getFileName() + ".hlog");
  }

  /** They say goodbye. */
  void leave() {
    fleet.stop();
  }
}
