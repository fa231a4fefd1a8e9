package io.runwire.loadtest.guarantee;

import io.runwire.loadtest.journal.Journals;
import io.runwire.loadtest.journal.Logged;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.journal.Sent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All that the journals of a run tell, side by side: some 130 bytes for an event that was sent and
 * logged, 20 for one that was seen.
 *
 * <p>Belongs to one thread. Of clients it expects that the harness let them catch up before they
 * closed: what is behind the last event of a client that stayed counts as lost.
 */
public final class History {
  final Events events = new Events();
  final LogRecords records = new LogRecords();
  final Map<String, Run> runs = new LinkedHashMap<>();
  final Map<String, ThreadLog> threads = new HashMap<>();
  final Map<String, Client> clients = new LinkedHashMap<>();
  final List<Following> followings = new ArrayList<>();

  /**
   * When the routers halted and did not come back; the far future where they did not. From then on
   * nothing was silent: an operator had been called.
   */
  long haltedSinceMs = Long.MAX_VALUE;

  /** The log that the newest cursors are of; the dump is of that one. */
  byte currentLog;

  History() {}

  /** The journals of a report's directory. */
  public static History load(Path directory) {
    try (Stream<Sent> sent = Journals.sent(Journals.in(directory, "sent-*.tsv"));
        Stream<Logged> logged = Journals.logged(directory.resolve("logged.tsv"));
        Stream<Seen> seen = Journals.seen(Journals.in(directory, "seen-*.tsv"))) {
      History history = of(sent, logged, seen);
      Path halted = directory.resolve("halted");
      if (Files.exists(halted)) {
        history.haltedSinceMs = Long.parseLong(Files.readString(halted).strip());
      }
      return history;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The journals of producers, log and clients; records of a partition by offset, a client's lines
   * in its order.
   */
  public static History of(Stream<Sent> sent, Stream<Logged> logged, Stream<Seen> seen) {
    HistoryLoader loader = new HistoryLoader();
    sent.forEachOrdered(loader::add);
    logged.forEachOrdered(loader::add);
    seen.forEachOrdered(loader::add);
    return loader.finish();
  }

  /** How much there is. */
  public Totals totals() {
    long sent = 0;
    long settled = 0;
    for (int row = 0; row < events.size(); row++) {
      sent += events.sent(row) ? 1 : 0;
      settled += events.settledAlready(row) ? 1 : 0;
    }
    return new Totals(
        sent,
        settled,
        records.size(),
        threads.values().stream().mapToLong(ThreadLog::size).sum(),
        runs.values().stream().filter(run -> !run.thread.equals(Run.NOWHERE)).count(),
        followings.stream().mapToLong(Following::events).sum(),
        clients.size(),
        clients.values().stream().filter(Client::leftEarly).count());
  }

  ThreadLog thread(String name) {
    return threads.computeIfAbsent(name, n -> new ThreadLog());
  }

  /** Whether that event ends its run: as the folded log says, or its producer. */
  boolean ends(int row) {
    return events.passed(row) ? records.ends(events.passedRecord(row)) : events.ends(row);
  }

  /** Whether a replay shows what the producer confirmed, or the watchdog's word came first. */
  boolean arrived(int row) {
    if (!events.passed(row)) {
      return false;
    }
    int record = events.passedRecord(row);
    return !records.byWatchdog(record) || cameFirst(record, row);
  }

  /**
   * Whether a newer attempt, the end of its own or that of the run, by whomever, may have stood in
   * agent-events before that confirmed event: then nobody is to see it.
   */
  boolean superseded(int row) {
    Attempt attempt = events.attempt(row);
    if (events.seq(row) > attempt.terminalSeq) {
      return true;
    }
    for (Attempt newer : attempt.run.after(attempt).values()) {
      int opening = newer.row(1);
      if (opening != Events.NONE && events.passed(opening)) {
        return cameFirst(events.passedRecord(opening), row); // the others came later still
      }
    }
    int end = attempt.run.finalRecord;
    return end != LogRecords.NONE && !events.before(row, records.event(end)) && cameFirst(end, row);
  }

  /**
   * Whether a record may have stood in agent-events before that event of its run: it was not yet
   * confirmed when the record was written. Compares times of the producer's clock where it has
   * both.
   */
  private boolean cameFirst(int record, int row) {
    int event = records.event(record);
    boolean timed = events.sent(event) && !records.byWatchdog(record);
    long writtenMs = timed ? events.handedMs(event) : records.ms(record);
    return writtenMs <= events.ackedMs(row);
  }

  /** For a person: who saw what. */
  String describe(Following following, int row) {
    return "client " + following.client.name + " " + events.describe(row);
  }
}
