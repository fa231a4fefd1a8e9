package io.runwire.edge.hub;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.DeliveryEvidence.Delivered;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.DeliveryEvidence.Report;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Notes what one subscription delivered, and reports it: once a second where there is something to
 * report, earlier when {@value #MAX_EVENTS} events came together, and at the end. Belongs to its
 * connection's delivery loop.
 */
final class Witness {
  static final int MAX_EVENTS = 1_000;
  static final long EVERY_MS = 1_000;

  private static final long NOTHING = -1;

  private final DeliveryEvidence evidence;
  private final Connection connection;
  private final String thread;
  private final int partition;
  private final boolean acknowledging;
  private final boolean wanted;
  private List<Delivered> events = new ArrayList<>(0);
  private LogIdentity log;
  private long writtenUpTo = NOTHING;
  private long acknowledgedUpTo = NOTHING;
  private long reportedAtMs;

  Witness(
      DeliveryEvidence evidence,
      Connection connection,
      String thread,
      int partition,
      LogIdentity log,
      boolean acknowledging) {
    this.evidence = evidence;
    this.connection = connection;
    this.thread = thread;
    this.partition = partition;
    this.log = log;
    this.acknowledging = acknowledging;
    this.wanted = evidence.wanted(acknowledging);
  }

  /** Which log the offsets count in from now on; what was noted before counts in the other. */
  void reads(LogIdentity now, long nowMs) {
    if (!now.equals(log)) {
      report(nowMs, false, Optional.empty());
      log = now;
      writtenUpTo = NOTHING;
      acknowledgedUpTo = NOTHING;
    }
  }

  /** A write that held the record's event has ended. */
  void wrote(long offset, long nowMs) {
    writtenUpTo = offset + 1;
    if (!acknowledging) {
      written(offset, nowMs);
    }
  }

  /** An event was written, and whether it was taken will not be known. */
  void written(long offset, long writtenAtMs) {
    note(new Delivered(offset, writtenAtMs, OptionalLong.empty()), writtenAtMs);
  }

  void acknowledged(long offset, long writtenAtMs, long afterMs) {
    acknowledgedUpTo = offset + 1;
    note(new Delivered(offset, writtenAtMs, OptionalLong.of(afterMs)), writtenAtMs + afterMs);
  }

  /** Reports if it is time to; the clock may have been put back. */
  void sweep(long nowMs) {
    boolean due = nowMs - reportedAtMs >= EVERY_MS || nowMs < reportedAtMs;
    if (due && !events.isEmpty()) {
      report(nowMs, false, Optional.empty());
    }
  }

  /** The subscription has ended; a failure is reported whether or not successes are. */
  void end(long nowMs, Optional<Failure> failure) {
    if (failure.isPresent() || (wanted && writtenUpTo != NOTHING)) {
      report(nowMs, true, failure);
    }
  }

  private void note(Delivered event, long nowMs) {
    if (wanted) {
      events.add(event);
      if (events.size() >= MAX_EVENTS) {
        report(nowMs, false, Optional.empty());
      }
    }
  }

  private void report(long nowMs, boolean last, Optional<Failure> failure) {
    if (events.isEmpty() && !last) {
      return;
    }
    evidence.accept(
        new Report(
            connection.id(),
            connection.user(),
            thread,
            log,
            partition,
            acknowledging,
            Collections.unmodifiableList(events),
            position(writtenUpTo),
            position(acknowledgedUpTo),
            nowMs,
            last,
            failure));
    events = new ArrayList<>(0); // which keeps no room: most have nothing to report
    reportedAtMs = nowMs;
  }

  private static OptionalLong position(long upTo) {
    return upTo == NOTHING ? OptionalLong.empty() : OptionalLong.of(upTo);
  }
}
