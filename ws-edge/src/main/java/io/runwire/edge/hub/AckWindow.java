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
 * <p>Without progress the subscription reads again from the first event that is unacknowledged: of
 * what was read before it, and was nothing for this reader, nothing is read twice. The fold is not
 * turned back for that: below {@code head}, where reading had come to, it has judged every record
 * once, and exactly those that it passed and that are unacknowledged are remembered here by their
 * offsets. So what is sent again is what was sent, whatever the router repeated in between.
 *
 * <p>Belongs to its connection's delivery loop.
 */
final class AckWindow implements Acks {
  /** An event under way. */
  private static final class Sent {
    final ReadPosition before;
    final int bytes;
    long writtenAtMs = NOT_YET;
    int repetitions;

    Sent(ReadPosition before, int bytes) {
      this.before = before;
      this.bytes = bytes;
    }
  }

  private static final long NOT_YET = -1;

  private final RetrySettings settings;
  private final RetryTimer timer;
  private final Witness witness;

  /** By the record's offset. */
  private final TreeMap<Long, Sent> underWay = new TreeMap<>();

  private long bytes;
  private @Nullable ReadPosition head;

  AckWindow(RetrySettings settings, Witness witness) {
    this.settings = settings;
    this.timer = new RetryTimer(settings);
    this.witness = witness;
  }

  @Override
  public void reset() {
    underWay.clear();
    bytes = 0;
    head = null;
    timer.stop();
  }

  @Override
  public void expired(long start) {
    Map<Long, Sent> gone = underWay.headMap(start);
    gone.values().forEach(sent -> bytes -= sent.bytes);
    gone.clear();
    if (underWay.isEmpty()) {
      timer.stop();
    }
  }

  @Override
  public boolean admits(LogEntry entry) {
    return underWay.isEmpty()
        || isBelowHead(entry.offset())
        || (underWay.size() < settings.ackEvents()
            && bytes + entry.frame().size() <= settings.ackBytes());
  }

  @Override
  public void sent(LogEntry entry, ReadPosition before) {
    underWay.put(entry.offset(), new Sent(before, entry.frame().size()));
    bytes += entry.frame().size();
  }

  @Override
  public boolean isBelowHead(long offset) {
    return head != null && offset < head.offset();
  }

  @Override
  public OptionalInt again(long offset) {
    Sent sent = underWay.get(offset);
    return sent == null ? OptionalInt.empty() : OptionalInt.of(++sent.repetitions);
  }

  @Override
  public void written(long offset, long nowMs) {
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

  @Override
  public void acknowledge(long position, long nowMs) {
    int before = underWay.size();
    Iterator<Map.Entry<Long, Sent>> oldest = underWay.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Long, Sent> entry = oldest.next();
      Sent sent = entry.getValue();
      if (entry.getKey() >= position) {
        break;
      }
      // It may be here before the end of the write has been reported.
      long writtenAtMs = sent.writtenAtMs == NOT_YET ? nowMs : sent.writtenAtMs;
      witness.acknowledged(entry.getKey(), writtenAtMs, Math.max(0, nowMs - writtenAtMs));
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

  /** The wait behind a retry counts from its first write. */
  @Override
  public Due check(long nowMs) {
    Due due = timer.check(nowMs);
    if (due == Due.RETRY) {
      timer.pause();
    }
    return due;
  }

  @Override
  public ReadPosition turnBack(ReadPosition from) {
    head = reach(from);
    return acknowledged(from);
  }

  @Override
  public ReadPosition reach(ReadPosition position) {
    return head != null && position.offset() < head.offset() ? head : position;
  }

  @Override
  public ReadPosition acknowledged(ReadPosition position) {
    return underWay.isEmpty() ? reach(position) : underWay.firstEntry().getValue().before;
  }

  @Override
  public void end() {
    underWay.forEach(
        (offset, sent) -> {
          if (sent.writtenAtMs != NOT_YET) {
            witness.written(offset, sent.writtenAtMs);
          }
        });
    underWay.clear();
    timer.stop();
  }

  @Override
  public int retries() {
    return timer.step();
  }
}
