package io.runwire.loadtest.guarantee;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.event.EventType;
import io.runwire.fold.Verdict;
import io.runwire.frame.GapReason;
import io.runwire.loadtest.guarantee.Following.Begin;
import io.runwire.loadtest.journal.Hashes;
import io.runwire.loadtest.journal.Logged;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.journal.Sent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts journals into a {@link History}: first all that was sent, then the log, then the clients.
 */
final class HistoryLoader {
  /** A notice for another reason is the client's own alarm: it excuses nothing. */
  private static final Set<String> SERVERS_REASONS =
      Arrays.stream(GapReason.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

  private final History history = new History();
  private final LongIndex eventsByCursor = new LongIndex();
  private final Map<LogIdentity, Byte> logs = new HashMap<>();
  private long newestCursorMs = Long.MIN_VALUE;

  void add(Sent sent) {
    Run run = run(sent.run());
    if (run.thread.equals(Run.NOWHERE)) {
      run.thread = sent.thread();
    }
    history.events.sent(history.events.row(run, sent.attempt(), sent.seq()), sent);
    if (EventType.named(sent.type()).map(EventType::terminal).orElse(false)) {
      Attempt attempt = run.attempt(sent.attempt());
      attempt.terminalSeq = Math.min(attempt.terminalSeq, sent.seq());
    }
  }

  void add(Logged record) {
    Run run = run(record.run());
    if (run.thread.equals(Run.NOWHERE)) {
      run.thread = record.thread();
    }
    int event = history.events.row(run, record.attempt(), record.seq());
    boolean misplaced = !record.thread().equals(run.thread);
    int row = history.records.add(record, event, misplaced);
    if (misplaced) {
      return;
    }
    if (record.verdict() == Verdict.PASS && !history.events.passed(event)) {
      history.thread(run.thread).add(run, row);
      if (record.ends()) {
        run.finalRecord = row;
      }
    }
    if (record.verdict() == Verdict.HOLE) {
      run.attempt(record.attempt()).holes = true;
    }
    history.events.logged(event, record.verdict(), row);
  }

  void add(Seen seen) {
    Client client = history.clients.computeIfAbsent(seen.client(), Client::new);
    if (seen instanceof Seen.Event event) {
      add(client, event);
    } else if (seen instanceof Seen.Subscribed subscribed) {
      add(client, subscribed);
    } else if (seen instanceof Seen.Gap gap) {
      if (SERVERS_REASONS.contains(gap.reason())) {
        following(client, gap.thread()).gap();
        ThreadLog thread = history.thread(gap.thread());
        thread.gapToldMs = Math.max(thread.gapToldMs, gap.ms());
      }
    } else if (seen instanceof Seen.Live live) {
      Optional<Cursor> cursor = Cursor.decode(live.cursor());
      byte log = log(cursor, live.ms());
      Following following = following(client, live.thread());
      cursor.ifPresent(c -> following.start(c, log));
      following.live(cursor, log);
    } else if (seen instanceof Seen.Up) {
      client.up();
    } else if (seen instanceof Seen.Down down) {
      client.down(down.code());
    }
  }

  History finish() {
    for (Run run : history.runs.values()) {
      run.attempts().forEach(this::settle);
    }
    Classifier classifier = new Classifier(history);
    history.followings.forEach(classifier::classify);
    return history;
  }

  private void settle(Attempt attempt) {
    Events events = history.events;
    for (int row = attempt.row(1);
        row != Events.NONE && events.acknowledged(row);
        row = attempt.row(events.seq(row) + 1)) {
      events.settled(row);
    }
  }

  private void add(Client client, Seen.Subscribed subscribed) {
    Following before = client.followings.get(subscribed.thread());
    Optional<Cursor> after = Cursor.decode(subscribed.from());
    if (before != null && before.run.equals(subscribed.run()) && after.isPresent()) {
      return; // a resume
    }
    if (before != null) {
      before.abandoned = true;
    }
    Begin begin = subscribed.from().equals("earliest") ? Begin.EARLIEST : Begin.MIDDLE;
    Following following = new Following(client, subscribed.thread(), subscribed.run(), begin);
    after.ifPresent(cursor -> following.start(cursor, log(after, subscribed.ms())));
    client.followings.put(subscribed.thread(), following);
    history.followings.add(following);
  }

  private void add(Client client, Seen.Event seen) {
    Events events = history.events;
    LogRecords records = history.records;
    Following following = following(client, seen.thread());
    Run run = run(seen.run());
    int row = events.row(run, seen.attempt(), seen.seq());
    Optional<Cursor> cursor = Cursor.decode(seen.cursor());
    byte log = log(cursor, seen.ms());
    int facts = seen.ends() ? Following.ENDS : 0;
    if (events.sent(row) && seen.hash() == events.hash(row) && seen.ends() == events.ends(row)) {
      facts |= Following.AS_SENT;
    }
    if (events.passed(row) && shows(events.passedRecord(row), seen)) {
      facts |= Following.AS_PASSED;
    }
    int record = cursor.map(c -> records.at(c.partition(), c.offset() - 1)).orElse(LogRecords.NONE);
    if (record != LogRecords.NONE) {
      facts |= Following.RECORD_KNOWN;
      if (records.event(record) == row && shows(record, seen)) {
        facts |= Following.AS_RECORD;
      }
    } else if (cursor.isEmpty()
        || !records.reachesBackTo(cursor.get().partition(), cursor.get().offset() - 1)) {
      facts |= Following.BEFORE_DUMP;
    }
    if (run.thread.equals(seen.thread())
        && following.asksFor(run)
        && (events.sent(row) || events.logged(row))) {
      if (record == LogRecords.NONE || (facts & Following.AS_RECORD) != 0) {
        cursor.ifPresent(c -> following.start(c, log));
      }
      long key = Hashes.of(seen.cursor().getBytes(StandardCharsets.UTF_8));
      int first = eventsByCursor.get(key);
      if (first == LongIndex.NONE) {
        eventsByCursor.put(key, row);
      } else if (first != row) {
        facts |= Following.CURSOR_TAKEN;
      }
    }
    following.event(row, (byte) facts, cursor, log);
  }

  private boolean shows(int record, Seen.Event seen) {
    return history.records.hash(record) == seen.hash()
        && history.records.ends(record) == seen.ends();
  }

  private Following following(Client client, String thread) {
    Following following = client.followings.get(thread);
    if (following == null) {
      following = new Following(client, thread, Optional.empty(), Begin.UNASKED);
      client.followings.put(thread, following);
      history.followings.add(following);
    }
    return following;
  }

  private Run run(String id) {
    return history.runs.computeIfAbsent(id, Run::new);
  }

  /** The number of the log that a cursor is of. */
  private byte log(Optional<Cursor> cursor, long ms) {
    if (cursor.isEmpty()) {
      return 0;
    }
    Byte log = logs.get(cursor.get().log());
    if (log == null) {
      log = (byte) logs.size();
      logs.put(cursor.get().log(), log);
    }
    if (ms >= newestCursorMs) {
      newestCursorMs = ms;
      history.currentLog = log;
    }
    return log;
  }
}
