package io.runwire.loadtest.guarantee;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.event.Origin;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.journal.Logged;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.journal.Sent;
import io.runwire.loadtest.journal.Sent.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/** A history written by hand: run r of thread t, its log in partition 0, and client c. */
final class Journal {
  static final LogIdentity LOG = TestLog.IDENTITY;
  static final LogIdentity FORMER_LOG = new LogIdentity(new Uuid(0, 9), new Uuid(0, 2), 2);

  private final List<Sent> sent = new ArrayList<>();
  private final List<Logged> logged = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private long haltedSinceMs = Long.MAX_VALUE;

  /** Events of attempt 1, sent and confirmed at ms = seq. */
  Journal sent(long... seqs) {
    for (long seq : seqs) {
      sent(seq, "CUSTOM", false, Result.ACKED);
    }
    return this;
  }

  Journal sent(long seq, String type, boolean ends, Result result) {
    sent.add(new Sent(seq, "t", "r", 1, seq, type, ends, seq, result));
    return this;
  }

  Journal sentAt(long ms, long seq) {
    return sentAt(ms, seq, "CUSTOM", false);
  }

  Journal sentEndAt(long ms, long seq) {
    return sentAt(ms, seq, "RUN_FINISHED", true);
  }

  private Journal sentAt(long ms, long seq, String type, boolean ends) {
    sent.add(new Sent(ms, "t", "r", 1, seq, type, ends, seq, Result.ACKED));
    return this;
  }

  Journal sentAgainAs(long seq, long hash) {
    sent.add(new Sent(seq, "t", "r", 1, seq, "CUSTOM", false, hash, Result.ACKED));
    return this;
  }

  Journal sentEnd(long seq) {
    return sent(seq, "RUN_FINISHED", true, Result.ACKED);
  }

  Journal logged(long offset, long seq, Verdict verdict) {
    return logged(offset, seq, false, Origin.AGENT, verdict);
  }

  Journal loggedEnd(long offset, long seq) {
    return logged(offset, seq, true, Origin.AGENT, Verdict.PASS);
  }

  /** The watchdog's end, whose bytes are others than an agent's. */
  Journal loggedWatchdog(long offset, long seq, long ms) {
    logged.add(
        new Logged(
            ms, 0, offset, offset, "t", "r", 1, seq, true, -seq, Origin.WATCHDOG, Verdict.PASS));
    return this;
  }

  private Journal logged(long offset, long seq, boolean ends, Origin origin, Verdict verdict) {
    logged.add(new Logged(seq, 0, offset, offset, "t", "r", 1, seq, ends, seq, origin, verdict));
    return this;
  }

  Journal follows(String from) {
    seen.add(new Seen.Subscribed(0, "c", "t", Optional.empty(), from));
    return this;
  }

  /** Events of the log as it is now, seen at ms = seq. */
  Journal sees(LogIdentity log, long offset, long seq) {
    return sees(log, offset, seq, false, seq);
  }

  Journal seesEnd(long offset, long seq, long hash) {
    return sees(LOG, offset, seq, true, hash);
  }

  Journal sees(LogIdentity log, long offset, long seq, boolean ends, long hash) {
    Cursor cursor = new Cursor(log, 0, offset + 1, 0, offset, Cursor.hash("t"));
    seen.add(new Seen.Event(seq, "c", "t", "r", 1, seq, ends, hash, cursor.encode()));
    return this;
  }

  /** An event under a cursor that tells nothing. */
  Journal sees(long seq, boolean ends) {
    seen.add(new Seen.Event(seq, "c", "t", "r", 1, seq, ends, seq, "opaque-" + seq));
    return this;
  }

  Journal isTold(String reason, long ms) {
    seen.add(new Seen.Gap(ms, "c", "t", reason));
    return this;
  }

  Journal closes(int code) {
    seen.add(new Seen.Down(0, "c", code));
    return this;
  }

  /** The routers halt for good. */
  Journal halts(long ms) {
    haltedSinceMs = ms;
    return this;
  }

  List<String> broken() {
    History history = History.of(sent.stream(), logged.stream(), seen.stream());
    history.haltedSinceMs = haltedSinceMs;
    return Judge.judge(history).verdicts().stream()
        .filter(verdict -> !verdict.kept())
        .map(io.runwire.loadtest.guarantee.Verdict::guarantee)
        .toList();
  }
}
