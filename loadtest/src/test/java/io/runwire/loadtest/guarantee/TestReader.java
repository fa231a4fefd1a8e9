package io.runwire.loadtest.guarantee;

import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.guarantee.TestLog.Stored;
import io.runwire.loadtest.journal.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A client of one thread with an edge that keeps its promises, through reconnects and gaps. */
final class TestReader {
  final String client;
  final String thread;
  final List<Seen> lines = new ArrayList<>();

  final TestLog log;
  private final Random random;
  final Optional<String> run;
  private Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
  private long floor;
  private int start;

  TestReader(String client, String thread, Optional<String> run, TestLog log, Random random) {
    this.client = client;
    this.thread = thread;
    this.run = run;
    this.log = log;
    this.random = random;
  }

  void follow(boolean mayMissSome) {
    lines.add(new Seen.Up(0, client, "edge-1"));
    subscribe(random.nextInt(3));
    int leavesAt = random.nextInt(5) == 0 ? random.nextInt(log.records.size() + 1) : -1;
    int askedAnew = random.nextInt(5) == 0 ? random.nextInt(log.records.size() + 1) : -1;
    for (int offset = start; offset < log.records.size(); offset++) {
      if (offset == leavesAt) {
        lines.add(new Seen.Down(0, client, 1006));
        return;
      }
      if (offset == askedAnew) {
        subscribe(random.nextInt(2)); // not from a cursor, which would be a resume
        askedAnew = -1;
        offset = start - 1;
        continue;
      }
      int dice = random.nextInt(200);
      if (mayMissSome && dice == 0) {
        offset = Math.min(log.records.size(), offset + 1 + random.nextInt(15));
        gap(offset);
        offset--;
        continue;
      }
      if (dice < 3) { // resumes where it was
        lines.add(new Seen.Down(0, client, 1006));
        lines.add(new Seen.Up(0, client, "edge-2"));
      }
      if (dice < 6) {
        live(offset);
      }
      read(offset).ifPresent(lines::add);
    }
    if (random.nextBoolean()) {
      lines.add(new Seen.Down(0, client, 1000));
    }
  }

  private void subscribe(int kind) {
    start = kind == 0 ? 0 : random.nextInt(log.records.size() + 1);
    floor = log.floor(start);
    if (kind == 0) {
      asked("earliest");
    } else if (kind == 2) {
      asked(TestLog.cursor(log.partition, start, floor, thread));
    } else {
      floor += random.nextInt(3); // written to agent-events, and not routed yet
      asked("latest");
      if (random.nextBoolean()) {
        live(start);
      }
    }
    fold = new Fold(Fold.DEFAULT_CAPACITY, floor);
  }

  private void asked(String from) {
    lines.add(new Seen.Subscribed(0, client, thread, run, from));
  }

  private void live(int offset) {
    long scanned = Math.max(floor, log.floor(offset));
    lines.add(
        new Seen.Live(0, client, thread, TestLog.cursor(log.partition, offset, scanned, thread)));
  }

  private Optional<Seen> read(int offset) {
    Stored stored = log.records.get(offset);
    Source event = stored.event();
    if (!mine(event)
        || fold.apply(event.envelope(log.partition, stored.source())) != Verdict.PASS) {
      return Optional.empty();
    }
    return Optional.of(shown(offset));
  }

  boolean mine(Source event) {
    return event.thread().equals(thread) && run.map(event.run()::equals).orElse(true);
  }

  private Seen.Event shown(int offset) {
    Stored stored = log.records.get(offset);
    Source event = stored.event();
    return new Seen.Event(
        0,
        client,
        event.thread(),
        event.run(),
        event.attempt(),
        event.seq(),
        event.ends(),
        event.hash(),
        TestLog.cursor(log.partition, offset + 1, stored.source(), event.thread()));
  }

  private void gap(int to) {
    lines.add(new Seen.Gap(0, client, thread, "EXPIRED"));
    floor = log.floor(to);
    fold.gap(floor);
  }
}
