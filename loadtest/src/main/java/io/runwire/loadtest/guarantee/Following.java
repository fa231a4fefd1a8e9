package io.runwire.loadtest.guarantee;

import io.runwire.cursor.Cursor;
import java.util.Optional;

/**
 * A client's way through a thread, from where it asked for it to where it let go, over all its
 * connections; line by line. Some 20 bytes a line.
 */
final class Following {
  /** Where a following began. */
  enum Begin {
    /** At the start of the log. */
    EARLIEST,
    /** Somewhere, as its first position tells. */
    MIDDLE,
    /** Nobody asked: all of it is foreign. */
    UNASKED
  }

  // Facts about an event's line.

  /** It has the bytes and the end mark that its producer sent. */
  static final byte AS_SENT = 1;

  /** It has those of the record by which the folded log has it. */
  static final byte AS_PASSED = 2;

  /** The dump has a record under its cursor. */
  static final byte RECORD_KNOWN = 4;

  /** It is the event of that record, with its bytes and end mark. */
  static final byte AS_RECORD = 8;

  /** Another event was seen under its cursor. */
  static final byte CURSOR_TAKEN = 16;

  /** Its cursor lies before the oldest record of the dump. */
  static final byte BEFORE_DUMP = 32;

  /** It was marked as its run's end. */
  static final byte ENDS = 64;

  private static final int GAP = -2;
  private static final int LIVE = -3;

  /** The offset of a line whose cursor says nothing. */
  static final long NO_OFFSET = -1;

  final Client client;
  final String thread;
  final Optional<String> run;
  final Begin begin;

  /** Whether the client asked for the thread anew later. */
  boolean abandoned;

  private final IntColumn kinds = new IntColumn(); // an event's row, GAP or LIVE
  private final LongColumn offsets = new LongColumn();
  private final ByteColumn logs = new ByteColumn();
  private final ByteColumn facts = new ByteColumn();
  private final ByteColumn sightings = new ByteColumn();
  private int events;
  private int lastGap = -1;
  private boolean started;
  private long startOffset;
  private long startSource;
  private byte startLog;

  Following(Client client, String thread, Optional<String> run, Begin begin) {
    this.client = client;
    this.thread = thread;
    this.run = run;
    this.begin = begin;
  }

  void event(int row, byte fact, Optional<Cursor> cursor, byte log) {
    events++;
    add(row, cursor.map(c -> c.offset() - 1).orElse(NO_OFFSET), log, fact);
  }

  void live(Optional<Cursor> cursor, byte log) {
    add(LIVE, cursor.map(Cursor::offset).orElse(NO_OFFSET), log, (byte) 0);
  }

  void gap() {
    lastGap = kinds.size();
    add(GAP, NO_OFFSET, (byte) 0, (byte) 0);
  }

  /** Tells of its first position; later ones change nothing. */
  void start(Cursor cursor, byte log) {
    if (!started) {
      started = true;
      startOffset = cursor.offset();
      startSource = cursor.sourceOffset();
      startLog = log;
    }
  }

  /** Whether it asked for that run, as far as its filter is concerned. */
  boolean asksFor(Run other) {
    return run.isEmpty() || run.get().equals(other.id);
  }

  int lines() {
    return kinds.size();
  }

  /** How many of the lines are events. */
  int events() {
    return events;
  }

  boolean isEvent(int line) {
    return kinds.get(line) >= 0;
  }

  boolean isGap(int line) {
    return kinds.get(line) == GAP;
  }

  boolean isLive(int line) {
    return kinds.get(line) == LIVE;
  }

  /** The event of that line. */
  int row(int line) {
    return kinds.get(line);
  }

  Sighting sighting(int line) {
    return Sighting.of(sightings.get(line));
  }

  void sighted(int line, Sighting sighting) {
    sightings.set(line, (byte) sighting.ordinal());
  }

  boolean has(int line, byte fact) {
    return (facts.get(line) & fact) != 0;
  }

  /** Whether its cursor is one of that log. */
  boolean inLog(int line, byte currentLog) {
    return offsets.get(line) != NO_OFFSET && logs.get(line) == currentLog;
  }

  /** Whether its cursor is one of that log, and no gap notice said later that the log changed. */
  boolean located(int line, byte currentLog) {
    return inLog(line, currentLog) && line > lastGap;
  }

  /**
   * An event's offset, {@link #NO_OFFSET} where its cursor tells none, or where a live notice says
   * that reading goes on.
   */
  long offset(int line) {
    return offsets.get(line);
  }

  boolean hasGaps() {
    return lastGap >= 0;
  }

  /** Whether the client was there to the end, so that the log's end was for it, too. */
  boolean stayed() {
    return !abandoned && !client.leftEarly();
  }

  /** Whether it is entitled to that record, as far as its beginning is concerned. */
  boolean entitled(long offset, long source, byte currentLog) {
    return switch (begin) {
      case EARLIEST -> true;
      case UNASKED -> false;
      case MIDDLE ->
          started && (startLog != currentLog || (offset >= startOffset && source > startSource));
    };
  }

  private void add(int kind, long offset, byte log, byte fact) {
    kinds.add(kind);
    offsets.add(offset);
    logs.add(log);
    facts.add(fact);
    sightings.add((byte) Sighting.FINE.ordinal());
  }
}
