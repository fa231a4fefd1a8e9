package io.runwire.deploy.replay;

import io.runwire.cursor.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the evidence of events that are asked for in the order of the log. Reports are read as far
 * as a fixed time beyond the event asked for, since a reader may come late; what they say of later
 * events is kept until those are asked for. There is a bound to that: beyond it the evidence of the
 * latest events is dropped, and the reports are read once more when those are come to. So any
 * length fits, and nothing is missed that lies within the time. Belongs to one thread.
 */
final class Deliveries {
  /** Clocks of edges and of agents' brokers may be so far apart. */
  static final Duration SKEW = Duration.ofMinutes(1);

  private final EvidenceLog log;
  private final Duration within;
  private final int most;
  private final TreeMap<Long, List<Delivery>> byOffset = new TreeMap<>();
  private final TreeMap<Long, List<GivenUp>> failures = new TreeMap<>();
  private int held;
  private long nextOffset;
  private long droppedFrom;
  private long failuresReadUpTo = -1;
  private boolean opened;

  /**
   * @param within how long after an event its deliveries are looked for
   * @param most deliveries that are held, beside those of one event
   */
  Deliveries(EvidenceLog log, Duration within, int most) {
    this.log = log;
    this.within = within;
    this.most = most;
  }

  /**
   * What is known of an event.
   *
   * @param behind the event's cursor; each lies behind the one before
   * @param timestampMs of the event
   */
  Evidence of(Cursor behind, String thread, long timestampMs) throws IOException {
    long offset = behind.offset() - 1;
    nextOffset = offset;
    if (!opened || offset >= droppedFrom) {
      opened = true;
      byOffset.clear();
      held = 0;
      droppedFrom = Long.MAX_VALUE;
      log.seek(behind, thread, timestampMs - SKEW.toMillis());
    }
    passBy(offset);
    long untilMs = timestampMs + within.toMillis();
    for (Optional<EvidenceLog.Report> report = log.next(untilMs);
        report.isPresent();
        report = log.next(untilMs)) {
      report.get().events().forEach(this::hold);
      if (report.get().position() > failuresReadUpTo) {
        failuresReadUpTo = report.get().position();
        report.get().failure().ifPresent(this::hold);
      }
    }
    nextOffset = offset + 1;
    List<Delivery> found = Objects.requireNonNullElse(byOffset.remove(offset), List.of());
    held -= found.size();
    return new Evidence(found, givenUp(offset, timestampMs));
  }

  private void passBy(long offset) {
    while (!byOffset.isEmpty() && byOffset.firstKey() < offset) {
      held -= byOffset.pollFirstEntry().getValue().size();
    }
  }

  private void hold(EvidenceLog.Delivered event) {
    if (event.offset() < nextOffset || event.offset() >= droppedFrom) {
      return;
    }
    byOffset.computeIfAbsent(event.offset(), first -> new ArrayList<>(1)).add(event.delivery());
    held++;
    while (held > most && byOffset.lastKey() > nextOffset) {
      droppedFrom = byOffset.lastKey();
      held -= byOffset.pollLastEntry().getValue().size();
    }
  }

  /** At most one a connection. */
  private void hold(EvidenceLog.Failure failure) {
    failures.computeIfAbsent(failure.from(), first -> new ArrayList<>(1)).add(failure.givenUp());
  }

  /** Where a connection was gone before the event was written, nothing was kept from it. */
  private List<GivenUp> givenUp(long offset, long timestampMs) {
    Map<Long, List<GivenUp>> concerned = failures.headMap(offset, true);
    List<GivenUp> found =
        concerned.values().stream()
            .flatMap(List::stream)
            .filter(each -> each.atMs() >= timestampMs)
            .toList();
    concerned.clear();
    return found;
  }
}
