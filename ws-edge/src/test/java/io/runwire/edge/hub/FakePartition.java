package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogSource.Bounds;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.LogSource.Expired;
import io.runwire.edge.hub.LogSource.Standing;
import io.runwire.edge.hub.LogSource.TooOld;
import io.runwire.edge.hub.LogSource.Truncated;
import io.runwire.edge.hub.LogSource.Within;
import io.runwire.event.Envelope;
import io.runwire.event.SourcePosition;
import io.runwire.frame.EventFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One partition of the fake log, on both sides of the router. Guarded by its {@link FakeLog}. */
final class FakePartition {
  /** A record on its way through the router. */
  record Emission(Envelope envelope, long timestampMs, String value) {}

  final int index;
  private final List<LogEntry> records = new ArrayList<>();
  private final List<Envelope> submitted = new ArrayList<>();
  private final Deque<Emission> unrouted = new ArrayDeque<>();
  private final List<Emission> routed = new ArrayList<>();
  private long start;
  private long end;
  private int epoch;
  private long sourceEnd;

  FakePartition(int index) {
    this.index = index;
  }

  SourcePosition nextSource(LogIdentity identity) {
    return new SourcePosition(identity.agentEvents(), index, sourceEnd++);
  }

  void submit(Emission emission) {
    submitted.add(emission.envelope());
    unrouted.addLast(emission);
  }

  /** Everything that agents wrote on a thread, once and in order. */
  List<Envelope> submitted(String thread) {
    return submitted.stream().filter(envelope -> envelope.thread().equals(thread)).toList();
  }

  void route(LogIdentity identity) {
    for (Emission next = unrouted.poll(); next != null; next = unrouted.poll()) {
      routed.add(next);
      append(identity, next);
    }
  }

  void replayLast(LogIdentity identity, int count) {
    int from = Math.max(0, routed.size() - count);
    List.copyOf(routed.subList(from, routed.size())).forEach(again -> append(identity, again));
  }

  void expire(long before) {
    records.removeIf(entry -> entry.offset() < before);
    start = Math.max(start, before);
  }

  void truncate(long from) {
    records.removeIf(entry -> entry.offset() >= from);
    end = from;
    epoch++;
  }

  void newLeader() {
    epoch++;
  }

  void clear() {
    records.clear();
    submitted.clear();
    unrouted.clear();
    routed.clear();
    start = 0;
    end = 0;
    sourceEnd = 0;
    epoch = 0;
  }

  long end() {
    return end;
  }

  Bounds bounds() {
    return new Bounds(start, end, epochBefore(end), sourceEnd);
  }

  List<LogEntry> from(long offset) {
    return records.stream().filter(entry -> entry.offset() >= offset).toList();
  }

  Standing standing(long offset, int leaderEpoch, OptionalLong notBeforeMs) {
    if (offset < start) {
      return new Expired(start);
    }
    long diverged = leaderEpoch == Cursor.NO_EPOCH ? end : endOfEpoch(leaderEpoch);
    if (diverged < offset) {
      return new Truncated(diverged, epochBefore(diverged));
    }
    return notBeforeMs.isPresent() && offset < firstSince(notBeforeMs.getAsLong())
        ? new TooOld()
        : new Within(epochBefore(offset));
  }

  /** A chunk of at most {@code scan} records; empty where they are gone. */
  Optional<Chunk> chunk(HistoryRead read, int scan) {
    long from = read.from();
    if (from < start || from > end) {
      return Optional.empty();
    }
    long next = Math.min(read.until(), from + scan);
    List<LogEntry> found =
        from(from).stream()
            .filter(entry -> entry.offset() < next && entry.thread().equals(read.thread()))
            .toList();
    return Optional.of(new Chunk(found, next, epochBefore(next)));
  }

  private void append(LogIdentity identity, Emission emission) {
    Envelope envelope = emission.envelope();
    long offset = end++;
    byte[] cursor =
        new Cursor(
                identity,
                index,
                offset + 1,
                epoch,
                envelope.src().orElseThrow().offset(),
                Cursor.hash(envelope.thread()))
            .encodeAscii();
    records.add(
        new LogEntry(
            identity,
            offset,
            epoch,
            emission.timestampMs(),
            envelope,
            EventFrame.of(
                envelope,
                cursor,
                emission.timestampMs(),
                emission.value().getBytes(StandardCharsets.UTF_8))));
  }

  long firstSince(long timestampMs) {
    return records.stream()
        .filter(entry -> entry.timestampMs() >= timestampMs)
        .mapToLong(LogEntry::offset)
        .findFirst()
        .orElse(end);
  }

  /** The epoch of the record before an offset. */
  int epochBefore(long offset) {
    return records.stream()
        .filter(entry -> entry.offset() == offset - 1)
        .mapToInt(LogEntry::leaderEpoch)
        .findFirst()
        .orElse(Cursor.NO_EPOCH);
  }

  private long endOfEpoch(int leaderEpoch) {
    return records.stream()
        .filter(entry -> entry.leaderEpoch() > leaderEpoch)
        .mapToLong(LogEntry::offset)
        .findFirst()
        .orElse(end);
  }
}
