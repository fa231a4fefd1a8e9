package io.runwire.deploy.replay;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a download has come: the cursor behind the last whole line, and what it has of the
 * thread's recent runs. Written by the thread that downloads, read by any.
 */
final class ReplayProgress {
  /** The runs stand in the URL, and an edge takes heads of 8 KiB. */
  private static final int MOST_RUNS_CHARS = 3_000;

  private static final int MOST_RUNS = 64;

  private final Map<String, String> runs = new LinkedHashMap<>(16, 0.75f, true);
  private Optional<String> cursor = Optional.empty();
  private Optional<String> to = Optional.empty();
  private long events;
  private long scanned;
  private boolean gaps;

  synchronized Optional<String> cursor() {
    return cursor;
  }

  synchronized long events() {
    return events;
  }

  synchronized long scanned() {
    return scanned;
  }

  synchronized boolean gaps() {
    return gaps;
  }

  /** The end was fixed by the first answer. */
  synchronized void endsAt(String end) {
    if (to.isEmpty()) {
      to = Optional.of(end);
    }
  }

  synchronized void record(ReplayRecord record) {
    runs.put(record.run(), record.attempt() + "," + record.seq());
    if (runs.size() > MOST_RUNS) {
      runs.remove(runs.keySet().iterator().next());
    }
    cursor = Optional.of(record.cursor());
    events++;
  }

  synchronized void gap(String behind) {
    cursor = Optional.of(behind);
    gaps = true;
  }

  synchronized void movedTo(String behind) {
    cursor = Optional.of(behind);
  }

  synchronized void ended(String behind, long looked) {
    cursor = Optional.of(behind);
    scanned += looked;
  }

  /** The query that asks for the rest; empty while nothing has come. */
  synchronized Optional<String> rest() {
    return cursor.map(
        after -> "after=" + after + to.map(end -> "&to=" + end).orElse("") + runsQuery());
  }

  private String runsQuery() {
    List<String> newest = new ArrayList<>();
    runs.forEach((run, position) -> newest.add(run + "," + position));
    Collections.reverse(newest);
    List<String> fitting = new ArrayList<>();
    int chars = 0;
    for (String each : newest) {
      chars += each.length() + 1;
      if (chars > MOST_RUNS_CHARS) {
        break;
      }
      fitting.add(0, each);
    }
    return fitting.isEmpty()
        ? ""
        : "&runs=" + URLEncoder.encode(String.join(";", fitting), StandardCharsets.UTF_8);
  }
}
