package io.runwire.processor.watchdog;

import io.runwire.processor.ledger.LedgerRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The open runs of a partition, each with a deadline. An event of a run costs a look-up and two
 * writes: the run stays queued under an earlier deadline, and is queued again when that one comes.
 *
 * <p>Times are in milliseconds of one clock that never steps. They say when this process heard of a
 * run, not when the agent wrote: so a list that begins anew, and every {@link #restart}, gives each
 * run its whole time once more. How long a run has been going on is counted by the ledger.
 *
 * <p>Some 500 bytes a run. The number of runs is bounded by the watchdog's own work: none stays
 * open for longer than its timeout. Belongs to a stream thread.
 */
final class Watchlist {
  /** A run under watch. */
  private static final class Watched {
    LedgerRow row;
    long heardAtMs;
    long queuedForMs;
    long againAtMs = Long.MIN_VALUE;
    boolean timeoutSaid;

    Watched(LedgerRow row, long heardAtMs) {
      this.row = row;
      this.heardAtMs = heardAtMs;
    }

    Watched(Watched same) {
      this(same.row, same.heardAtMs);
      againAtMs = same.againAtMs;
      timeoutSaid = same.timeoutSaid;
    }
  }

  /** How long a TIMEOUT may take to be heard of; by then its agent was faster. */
  static final Duration SAY_AGAIN_AFTER = Duration.ofSeconds(5);

  private static final long GRAIN_MS = 1_000; // not worth another place in the queue

  private final Duration silence;
  private final Duration longestRun;
  private final Map<String, Watched> runs = new HashMap<>();
  private final PriorityQueue<Watched> queue =
      new PriorityQueue<>(Comparator.comparingLong(watched -> watched.queuedForMs));
  private long notBeforeMs = Long.MIN_VALUE;

  Watchlist(WatchdogSettings settings) {
    this.silence = settings.silence();
    this.longestRun = settings.longestRun();
  }

  /** A run has moved on, or is heard of for the first time. */
  void heard(LedgerRow row, long nowMs) {
    if (row.ended()) {
      runs.remove(row.run()); // its place in the queue is cleared when its time comes
      return;
    }
    Watched watched = runs.get(row.run());
    if (watched == null) {
      watched = new Watched(row, nowMs);
      runs.put(row.run(), watched);
      enqueue(watched);
    } else {
      watched.row = row;
      watched.heardAtMs = nowMs;
      if (deadlineMs(watched) < watched.queuedForMs - GRAIN_MS) {
        // A new attempt with a shorter timeout. The old place in the queue is left behind.
        Watched again = new Watched(watched);
        runs.put(row.run(), again);
        enqueue(again);
      }
    }
  }

  /** Whether the run is under watch. */
  boolean has(String run) {
    return runs.containsKey(run);
  }

  /** Gives every run its whole time again, from then on. */
  void restart(long nowMs) {
    notBeforeMs = nowMs;
  }

  /**
   * The runs whose deadline has passed, to be ended. Each is named again later, should the word on
   * it come to nothing.
   *
   * @param upToMs up to when everything is known
   * @param atMost entries to look at
   */
  List<RunEnd> due(long upToMs, int atMost) {
    List<RunEnd> due = new ArrayList<>();
    for (int looked = 0; looked < atMost; looked++) {
      Watched head = queue.peek();
      if (head == null || head.queuedForMs > upToMs) {
        break;
      }
      queue.remove();
      if (runs.get(head.row.run()) != head) {
        continue; // ended meanwhile, or queued anew
      }
      if (deadlineMs(head) <= upToMs) {
        due.add(end(head, upToMs));
      }
      enqueue(head);
    }
    return due;
  }

  /** For how long the earliest deadline has passed unheeded; zero if it lies ahead. */
  Duration overdue(long nowMs) {
    return Optional.ofNullable(queue.peek())
        .map(head -> Duration.ofMillis(Math.max(0, nowMs - head.queuedForMs)))
        .orElse(Duration.ZERO);
  }

  int size() {
    return runs.size();
  }

  private void enqueue(Watched watched) {
    watched.queuedForMs = deadlineMs(watched);
    queue.add(watched);
  }

  private long deadlineMs(Watched watched) {
    long sinceMs = Math.max(watched.heardAtMs, notBeforeMs);
    long patienceMs = Math.min(silenceMs(watched.row), leftMs(watched.row));
    return Math.max(sinceMs + patienceMs, watched.againAtMs);
  }

  /**
   * A silent run's next seq is nobody's, and whoever takes it first has won. A busy run's next seq
   * is its agent's at once: should a TIMEOUT find it taken, the next one opens an attempt.
   */
  private RunEnd end(Watched watched, long nowMs) {
    LedgerRow row = watched.row;
    if (silenceMs(row) <= leftMs(row)) {
      watched.againAtMs = nowMs + silenceMs(row);
      return new RunEnd(row, EndCode.AGENT_LOST, Duration.ofMillis(silenceMs(row)), false);
    }
    RunEnd end = new RunEnd(row, EndCode.TIMEOUT, longestRun, watched.timeoutSaid);
    watched.againAtMs = nowMs + SAY_AGAIN_AFTER.toMillis();
    watched.timeoutSaid = true;
    return end;
  }

  private long silenceMs(LedgerRow row) {
    Long asked = row.timeoutMs();
    return asked == null ? silence.toMillis() : asked;
  }

  /** Below zero for a run that has taken too long already. */
  private long leftMs(LedgerRow row) {
    return longestRun.toMillis() - row.activeMs();
  }
}
