package io.runwire.edge.hub;

import io.runwire.edge.hub.RetryTimer.Due;
import io.runwire.edge.settings.RetrySettings;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an acknowledging reader was sent and has not acknowledged: positions and sizes, no events.
 *
 * <p>Without progress the subscription reads again from the last ack on. The fold is not turned
 * back for that: below {@code head}, where reading had come to, it has judged every record once,
 * and exactly those that it passed and that are unacknowledged are remembered here by their
 * offsets. So what is sent again is what was sent, whatever the router repeated in between.
 *
 * <p>A reader that does not acknowledge has a window that admits everything and remembers nothing.
 * Belongs to its connection's delivery loop.
 */
final class AckWindow {
  /** An event under way. */
  private static final class Sent {
    final ReadPosition behind;
    final int bytes;
    long writtenAtMs = NOT_YET;
    int repetitions;

    Sent(ReadPosition behind, int bytes) {
      this.behind = behind;
      this.bytes = bytes;
    }
  }

  private static final long NOT_YET = -1;

  private final boolean asked;
  private final RetrySettings settings;
  private final RetryTimer timer;
  private final Witness witness;

  /** By the record's offset. */
  private final TreeMap<Long, Sent> underWay = new TreeMap<>();

  private long bytes;
  private @Nullable ReadPosition acknowledged;
  private @Nullable ReadPosition head;

  /**
   * @param asked whether the reader acknowledges
   */
  AckWindow(boolean asked, RetrySettings settings, Witness witness) {
    this.asked = asked;
    this.settings = settings;
    this.timer = new RetryTimer(settings);
    this.witness = witness;
  }

  /** Starts afresh: nothing that was under way will be sent again. */
  void reset(ReadPosition position) {
    underWay.clear();
    bytes = 0;
    head = null;
    acknowledged = position;
    timer.stop();
  }

  /** Whether one more event may be sent now. */
  boolean admits(LogEntry entry) {
    return underWay.isEmpty()
        || isBelowHead(entry.offset())
        || (underWay.size() < settings.ackEvents()
            && bytes + entry.frame().size() <= settings.ackBytes());
  }

  /** An event was handed to the socket for the first time. */
  void sent(LogEntry entry, ReadPosition behind) {
    if (asked) {
      underWay.put(entry.offset(), new Sent(behind, entry.frame().size()));
      bytes += entry.frame().size();
    }
  }

  /** Whether a record was looked at before reading went back. */
  boolean isBelowHead(long offset) {
    return head != null && offset < head.offset();
  }

  /** Which repetition this record's event is now; empty where it is not to be sent again. */
  OptionalInt again(long offset) {
    Sent sent = underWay.get(offset);
    return sent == null ? OptionalInt.empty() : OptionalInt.of(++sent.repetitions);
  }

  /** An event was written; the reader can acknowledge from now on. */
  void written(long offset, long nowMs) {
    Sent sent = underWay.get(offset);
    if (sent == null) {
      return;
    }
    if (sent.writtenAtMs == NOT_YET) {
      sent.writtenAtMs = nowMs;
    }
    if (!timer.waiting() && offset == underWay.firstKey()) {
      if (timer.step() == 0) {
        timer.begin(nowMs, settings.deadline());
      } else {
        timer.resume(nowMs);
      }
    }
  }

  /** The reader has everything before {@code position}; nothing happens where that is no news. */
  void acknowledge(long position, long nowMs) {
    int before = underWay.size();
    Iterator<Map.Entry<Long, Sent>> oldest = underWay.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Long, Sent> entry = oldest.next();
      Sent sent = entry.getValue();
      if (sent.behind.offset() > position) {
        break;
      }
      // It may be here before the end of the write has been reported.
      long writtenAtMs = sent.writtenAtMs == NOT_YET ? nowMs : sent.writtenAtMs;
      witness.acknowledged(entry.getKey(), writtenAtMs, Math.max(0, nowMs - writtenAtMs));
      acknowledged = sent.behind;
      bytes -= sent.bytes;
      oldest.remove();
    }
    if (underWay.size() < before) {
      timer.stop();
      if (!underWay.isEmpty() && underWay.firstEntry().getValue().writtenAtMs != NOT_YET) {
        timer.begin(nowMs, settings.deadline());
      }
    }
  }

  /** What is due for want of progress. The wait behind a retry counts from its first write. */
  Due check(long nowMs) {
    Due due = timer.check(nowMs);
    if (due == Due.RETRY) {
      timer.pause();
    }
    return due;
  }

  /** Reading goes back to the last ack; {@code from} is where it had come to. */
  ReadPosition turnBack(ReadPosition from) {
    head = reach(from);
    return acknowledged(from);
  }

  /** Where reading has come to, whether or not it was turned back since. */
  ReadPosition reach(ReadPosition position) {
    return head != null && position.offset() < head.offset() ? head : position;
  }

  /**
   * What the reader surely has.
   *
   * @param position where it reads, if it does not acknowledge
   */
  ReadPosition acknowledged(ReadPosition position) {
    return asked && acknowledged != null ? acknowledged : position;
  }

  /** Hands what was written and not acknowledged to the witness, since there will be no more. */
  void end() {
    underWay.forEach(
        (offset, sent) -> {
          if (sent.writtenAtMs != NOT_YET) {
            witness.written(offset, sent.writtenAtMs);
          }
        });
    underWay.clear();
    timer.stop();
  }

  /** How many retries there were without progress. */
  int retries() {
    return timer.step();
  }
}
