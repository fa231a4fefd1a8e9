package io.runwire.loadtest.guarantee;

import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.fold.Verdict;
import io.runwire.loadtest.guarantee.Scenario.Plant;
import io.runwire.loadtest.guarantee.TestLog.Stored;
import io.runwire.loadtest.journal.Logged;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.journal.Sent;
import io.runwire.loadtest.journal.Sent.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** Bugs in agents, router and log, each at a random event; never in thread t0, which has gaps. */
final class SystemBugs {
  /** After all else. */
  private static final long LATER_MS = 1 << 30;

  /** Behind all else in agent-events. */
  private static final long LAST_SOURCE = 1 << 30;

  private SystemBugs() {}

  /** The agent falls silent for good, and no watchdog notices. */
  static Plant runWithoutEnd() {
    return new Plant() {
      @Override
      public boolean inAgents(TestAgents agents, Random random) {
        for (List<Source> events : agents.agentEvents) {
          Optional<Source> end = pick(events, random, Source::ends);
          if (end.isPresent()) {
            Source last = end.get();
            events.removeIf(e -> e.run().equals(last.run()) && notBefore(e, last));
            agents.sent.removeIf(s -> s.run().equals(last.run()) && notBefore(s, last));
            return true;
          }
        }
        return false;
      }
    };
  }

  /** The watchdog ends a run whose agent has just written something, and goes on. */
  static Plant healthyRunEnded() {
    return new Plant() {
      @Override
      public boolean inAgents(TestAgents agents, Random random) {
        for (List<Source> events : agents.agentEvents) {
          Optional<Source> picked =
              pick(events, random, event -> goesOn(event, events, agents.sent));
          if (picked.isPresent()) {
            Source last = picked.get();
            Source end =
                new Source(
                    confirmedMs(last.run(), last.attempt(), last.seq(), agents.sent),
                    last.thread(),
                    last.run(),
                    last.attempt(),
                    last.seq() + 1,
                    EventType.RUN_ERROR,
                    true,
                    ~last.hash(),
                    Origin.WATCHDOG);
            events.add(events.indexOf(last) + 1, end);
            return true;
          }
        }
        return false;
      }
    };
  }

  /**
   * Whether the agent is confirmed this event, the last of its run so far, then writes the next.
   */
  private static boolean goesOn(Source event, List<Source> events, List<Sent> sent) {
    List<Source> before =
        events.subList(0, events.indexOf(event)).stream()
            .filter(e -> e.run().equals(event.run()))
            .toList();
    long next = event.seq() + 1;
    long confirmedMs = confirmedMs(event.run(), event.attempt(), event.seq(), sent);
    return !event.type().terminal()
        && before.stream().noneMatch(e -> e.ends() || e.attempt() > event.attempt())
        && before.stream()
                .filter(e -> e.attempt() == event.attempt())
                .mapToLong(Source::seq)
                .distinct()
                .filter(seq -> seq < event.seq())
                .count()
            == event.seq() - 1
        && before.stream().noneMatch(e -> e.attempt() == event.attempt() && e.seq() > event.seq())
        && confirmedMs(event.run(), event.attempt(), next, sent) < Long.MAX_VALUE
        && sent.stream()
            .filter(s -> s.run().equals(event.run()) && s.attempt() == event.attempt())
            .filter(s -> s.seq() == next)
            .allMatch(s -> s.ms() > confirmedMs);
  }

  private static long confirmedMs(String run, int attempt, long seq, List<Sent> sent) {
    return sent.stream()
        .filter(s -> s.run().equals(run) && s.attempt() == attempt && s.seq() == seq)
        .filter(s -> s.result() == Result.ACKED)
        .mapToLong(Sent::ms)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** The router loses a confirmed event. */
  static Plant dropInLog() {
    return inLog(
        (log, agents, event) -> !event.ends() && settled(event, agents.sent),
        (log, event) -> log.records.removeIf(r -> r.event().sameEvent(event)));
  }

  /**
   * The router loses a confirmed event, so that nothing comes of the run until the watchdog ends
   * it.
   */
  static Plant dropInLogThatTheWatchdogCovers() {
    return inLog(
        (log, agents, event) ->
            !event.ends()
                && event.seq() > 1
                && settled(event, agents.sent)
                && log.records.stream()
                    .map(Stored::event)
                    .noneMatch(e -> e.run().equals(event.run()) && e.attempt() > event.attempt())
                && log.records.stream()
                    .map(Stored::event)
                    .filter(e -> e.run().equals(event.run()) && e.ends())
                    .allMatch(e -> e.origin() == Origin.AGENT),
        (log, event) -> {
          log.records.removeIf(r -> r.event().sameEvent(event));
          log.records.add(
              new Stored(
                  new Source(
                      LATER_MS,
                      event.thread(),
                      event.run(),
                      event.attempt(),
                      event.seq(),
                      EventType.RUN_ERROR,
                      true,
                      ~event.hash(),
                      Origin.WATCHDOG),
                  LAST_SOURCE));
        });
  }

  /** The router loses the end of a run, and that alone. */
  static Plant dropTheEndInLog() {
    return inLog(
        (log, agents, event) -> event.ends() && event.origin() == Origin.AGENT,
        (log, event) -> log.records.removeIf(r -> r.event().sameEvent(event)));
  }

  /** The router changes a value. */
  static Plant flippedBitInLog() {
    return inLog(
        (log, agents, event) -> event.origin() == Origin.AGENT,
        (log, event) ->
            log.records.replaceAll(
                r ->
                    r.event().sameEvent(event)
                        ? new Stored(event.withHash(~event.hash()), r.source())
                        : r));
  }

  /** The router writes a copy of an event under another thread's key. */
  static Plant misplacedInLog() {
    return inLog(
        (log, agents, event) -> true,
        (log, event) ->
            log.records.add(
                new Stored(
                    new Source(
                        LATER_MS,
                        "t" + (TestAgents.partition(event.thread()) + TestAgents.PARTITIONS * 9),
                        event.run(),
                        event.attempt(),
                        event.seq(),
                        event.type(),
                        event.ends(),
                        event.hash(),
                        event.origin()),
                    LAST_SOURCE)));
  }

  /** After the end of its run an agent ends it again, and a client is told. */
  static Plant secondEnd() {
    return new Plant() {
      @Override
      public boolean inClients(List<TestReader> readers, TestAgents agents, Random random) {
        for (TestReader reader : shuffled(readers, random)) {
          int last = lastEvent(reader);
          if (last >= 0 && ((Seen.Event) reader.lines.get(last)).ends()) {
            Seen.Event end = (Seen.Event) reader.lines.get(last);
            Source again =
                new Source(
                    LATER_MS,
                    end.thread(),
                    end.run(),
                    end.attempt(),
                    end.seq() + 1,
                    EventType.RUN_FINISHED,
                    true,
                    random.nextLong(),
                    Origin.AGENT);
            if (agents.sent.stream().noneMatch(s -> sameEvent(s, again))) {
              agents.journal(again, Result.ACKED);
              reader.log.records.add(new Stored(again, LAST_SOURCE));
              show(reader, last, again, reader.log.records.size());
              return true;
            }
          }
        }
        return false;
      }
    };
  }

  /** A client is shown an event that never reached the log. */
  static Plant shownButNotInLog() {
    return new Plant() {
      @Override
      public boolean inClients(List<TestReader> readers, TestAgents agents, Random random) {
        for (TestReader reader : shuffled(readers, random)) {
          int last = lastEvent(reader);
          if (last >= 0 && reader.run.isEmpty()) {
            Source lost =
                new Source(
                    LATER_MS,
                    reader.thread,
                    reader.thread + "-lost",
                    1,
                    1,
                    EventType.RUN_STARTED,
                    false,
                    random.nextLong(),
                    Origin.AGENT);
            agents.journal(lost, Result.UNKNOWN);
            show(reader, last, lost, reader.log.records.size() + 1);
            return true;
          }
        }
        return false;
      }
    };
  }

  private interface InLog {
    boolean fits(TestLog log, TestAgents agents, Source event);
  }

  private interface Break {
    void at(TestLog log, Source event);
  }

  private static Plant inLog(InLog condition, Break bug) {
    return new Plant() {
      @Override
      public boolean inLog(List<TestLog> logs, TestAgents agents, Random random) {
        TestLog log = logs.get(random.nextInt(logs.size()));
        List<Logged> dump = log.dump().toList();
        List<Source> passed = new ArrayList<>();
        for (int offset = 0; offset < dump.size(); offset++) {
          if (dump.get(offset).verdict() == Verdict.PASS) {
            passed.add(log.records.get(offset).event());
          }
        }
        Optional<Source> event =
            pick(passed, random, candidate -> condition.fits(log, agents, candidate));
        event.ifPresent(e -> bug.at(log, e));
        return event.isPresent();
      }
    };
  }

  private static Optional<Source> pick(List<Source> events, Random random, Predicate<Source> fits) {
    return shuffled(events, random).stream()
        .filter(event -> !event.thread().equals("t0"))
        .filter(fits)
        .findFirst();
  }

  /** Whether it and all lower ones of its attempt are confirmed. */
  private static boolean settled(Source event, List<Sent> sent) {
    for (long seq = 1; seq <= event.seq(); seq++) {
      long wanted = seq;
      if (sent.stream()
          .noneMatch(
              s ->
                  s.run().equals(event.run())
                      && s.attempt() == event.attempt()
                      && s.seq() == wanted
                      && s.result() == Result.ACKED)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameEvent(Sent sent, Source event) {
    return sent.run().equals(event.run())
        && sent.attempt() == event.attempt()
        && sent.seq() == event.seq();
  }

  private static boolean notBefore(Source event, Source other) {
    return notBefore(event.attempt(), event.seq(), other);
  }

  private static boolean notBefore(Sent sent, Source other) {
    return notBefore(sent.attempt(), sent.seq(), other);
  }

  private static boolean notBefore(int attempt, long seq, Source other) {
    return attempt > other.attempt() || (attempt == other.attempt() && seq >= other.seq());
  }

  private static int lastEvent(TestReader reader) {
    int line = reader.lines.size() - 1;
    while (line >= 0 && !(reader.lines.get(line) instanceof Seen.Event)) {
      if (reader.lines.get(line) instanceof Seen.Subscribed
          || reader.lines.get(line) instanceof Seen.Gap) {
        return -1;
      }
      line--;
    }
    return line;
  }

  /** Shows it behind that line, with a cursor that says where reading goes on. */
  private static void show(TestReader reader, int line, Source event, long nextOffset) {
    reader.lines.add(
        line + 1,
        new Seen.Event(
            0,
            reader.client,
            event.thread(),
            event.run(),
            event.attempt(),
            event.seq(),
            event.ends(),
            event.hash(),
            TestLog.cursor(reader.log.partition, nextOffset, 0, event.thread())));
  }

  private static <T> List<T> shuffled(List<T> list, Random random) {
    List<T> copy = new ArrayList<>(list);
    Collections.shuffle(copy, random);
    return copy;
  }
}
