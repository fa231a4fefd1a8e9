package io.runwire.edge.feed;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.LogSource.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One read of history on its way: waiting for a scan, or aboard one and filling its chunk. Belongs
 * to the queue while it waits, and to the scan while it is aboard.
 */
final class CatchUp {
  private final HistoryRead read;
  private final long askedNs;
  private final CompletableFuture<Chunk> answer = new CompletableFuture<>();
  private final List<LogEntry> entries = new ArrayList<>();
  private long position;
  private int leaderEpoch = Cursor.NO_EPOCH;
  private int bytes;
  private boolean overtaken;

  CatchUp(HistoryRead read, long askedNs) {
    this.read = read;
    this.askedNs = askedNs;
    this.position = read.from();
  }

  String reader() {
    return read.reader();
  }

  int partition() {
    return read.partition();
  }

  /** The next offset to look at. */
  long position() {
    return position;
  }

  long askedNs() {
    return askedNs;
  }

  CompletableFuture<Chunk> answer() {
    return answer;
  }

  /** Whether a scan ended before it came here: the next one begins here. */
  boolean overtaken() {
    return overtaken;
  }

  void overtake() {
    overtaken = true;
  }

  /** Whether anything was scanned for it. */
  boolean moved() {
    return position > read.from();
  }

  /** Takes its thread's records from a stretch; returns whether that was all it wanted. */
  boolean take(Stretch stretch) {
    for (LogEntry entry : stretch.entries(read.thread(), position, read.until())) {
      if (bytes > 0 && bytes + entry.frame().size() > read.maxBytes()) {
        return true;
      }
      entries.add(entry);
      bytes += entry.frame().size();
      position = entry.offset() + 1;
      leaderEpoch = entry.leaderEpoch();
    }
    long scanned = Math.min(read.until(), stretch.next());
    if (scanned > position) {
      position = scanned;
      leaderEpoch = stretch.leaderEpochBefore(scanned);
    }
    return position >= read.until() || bytes >= read.maxBytes();
  }

  /** Hands over what was found. */
  void complete() {
    answer.complete(new Chunk(List.copyOf(entries), position, leaderEpoch));
  }

  /** Hands over what was found, if anything was scanned for it at all. */
  void completeOrFail(Throwable why) {
    if (moved()) {
      complete();
    } else {
      fail(why);
    }
  }

  void fail(Throwable why) {
    answer.completeExceptionally(why);
  }
}
