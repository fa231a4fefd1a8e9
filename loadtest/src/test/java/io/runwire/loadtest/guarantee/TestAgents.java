package io.runwire.loadtest.guarantee;

import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.loadtest.journal.Sent;
import io.runwire.loadtest.journal.Sent.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Agents in good and bad times, and the watchdog: what they write to agent-events and what stands
 * in their journal.
 */
final class TestAgents {
  static final int PARTITIONS = 2;

  /** What the watchdog waits for. */
  private static final int SILENCE_MS = 60_000;

  final List<List<Source>> agentEvents = List.of(new ArrayList<>(), new ArrayList<>());
  final List<Sent> sent = new ArrayList<>();

  private final Random random;
  private final List<Run> runs = new ArrayList<>();
  private long nowMs = 1_000;

  TestAgents(Random random, int threads) {
    this.random = random;
    for (int thread = 0; thread < threads; thread++) {
      int runsOfThread = 1 + random.nextInt(4);
      for (int run = 0; run < runsOfThread; run++) {
        runs.add(new Run("t" + thread, "t" + thread + "-r" + run, thread % PARTITIONS));
      }
    }
  }

  static int partition(String thread) {
    return Integer.parseInt(thread.substring(1)) % PARTITIONS;
  }

  /** Writes for a while; in the end every run that began has ended. */
  void write(int steps) {
    for (int i = 0; i < steps; i++) {
      runs.get(random.nextInt(runs.size())).step();
    }
    runs.forEach(Run::end);
  }

  /** Journals one send. */
  void journal(Source event, Result result) {
    nowMs += 1 + random.nextInt(3);
    sent.add(
        new Sent(
            nowMs,
            event.thread(),
            event.run(),
            event.attempt(),
            event.seq(),
            event.type().name(),
            event.ends(),
            event.hash(),
            result));
  }

  private enum Phase {
    BETWEEN_ATTEMPTS,
    GOING,
    /** The agent is gone, and its attempt is open. */
    DEAD,
    ENDED
  }

  private final class Run {
    private final String thread;
    private final String id;
    private final int partition;
    private final List<Source> landed = new ArrayList<>(); // of the current attempt
    private Phase phase = Phase.BETWEEN_ATTEMPTS;
    private int attempt;

    Run(String thread, String id, int partition) {
      this.thread = thread;
      this.id = id;
      this.partition = partition;
    }

    void step() {
      int dice = random.nextInt(100);
      switch (phase) {
        case BETWEEN_ATTEMPTS -> start();
        case GOING -> {
          if (dice < 70) {
            land(next(EventType.TEXT_MESSAGE_CONTENT, false), dice < 67);
          } else if (dice < 76) {
            sendAgain(1 + random.nextInt(3));
          } else if (dice < 82) {
            sendWithHole();
          } else if (dice < 84) {
            journal(next(EventType.CUSTOM, false), Result.FAILED);
            phase = Phase.DEAD;
          } else if (dice < 88) {
            journal(next(EventType.CUSTOM, false), Result.UNKNOWN);
            phase = Phase.DEAD;
          } else if (dice < 92) {
            phase = Phase.DEAD;
          } else if (dice < 96) {
            land(next(EventType.RUN_ERROR, false), true);
            phase = Phase.BETWEEN_ATTEMPTS;
          } else {
            end();
          }
        }
        case DEAD -> {
          if (dice < 50) {
            start();
          } else {
            end();
          }
        }
        case ENDED -> zombie();
      }
    }

    void end() {
      if (phase == Phase.GOING) {
        land(next(EventType.RUN_FINISHED, true), random.nextInt(10) > 0);
      } else if (phase == Phase.DEAD) {
        watchdog();
      } else if (phase == Phase.BETWEEN_ATTEMPTS && attempt > 0) {
        attempt++;
        landed.clear();
        watchdog();
      } else {
        return;
      }
      phase = Phase.ENDED;
    }

    private void start() {
      List<Source> older = List.copyOf(landed);
      attempt++;
      landed.clear();
      land(next(EventType.RUN_STARTED, false), true);
      phase = Phase.GOING;
      if (!older.isEmpty() && random.nextInt(4) == 0) {
        Source last = older.get(older.size() - 1);
        appended(
            new Source(
                nowMs,
                thread,
                id,
                last.attempt(),
                last.seq() + 1,
                EventType.CUSTOM,
                false,
                // What it sent before it died, it sends again unchanged.
                hashSentBefore(last.attempt(), last.seq() + 1),
                Origin.AGENT),
            true);
      }
    }

    /** It has not noticed that the run ended. */
    private void zombie() {
      if (random.nextInt(3) == 0 && attempt > 0 && !landed.isEmpty()) {
        Source last = landed.get(landed.size() - 1);
        long seq = last.origin() == Origin.WATCHDOG ? last.seq() : last.seq() + 1;
        appended(
            new Source(
                nowMs,
                thread,
                id,
                attempt,
                seq,
                EventType.CUSTOM,
                false,
                hashSentBefore(attempt, seq),
                Origin.AGENT),
            true);
      }
    }

    private void watchdog() {
      nowMs += SILENCE_MS;
      Source end =
          new Source(
              nowMs,
              thread,
              id,
              attempt,
              landed.size() + 1,
              EventType.RUN_ERROR,
              true,
              random.nextLong(),
              Origin.WATCHDOG);
      agentEvents.get(partition).add(end);
      landed.add(end);
    }

    private void sendAgain(int events) {
      for (Source event : landed.subList(Math.max(0, landed.size() - events), landed.size())) {
        appended(event, true);
      }
    }

    /** Of three the first fails while the others land; so all of them are sent again. */
    private void sendWithHole() {
      List<Source> batch = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        batch.add(next(EventType.TEXT_MESSAGE_CONTENT, false));
        landed.add(batch.get(i));
      }
      journal(batch.get(0), Result.UNKNOWN);
      batch.subList(1, 3).forEach(event -> appended(event, true));
      batch.forEach(event -> appended(event, true));
    }

    private void land(Source event, boolean acknowledged) {
      landed.add(event);
      appended(event, acknowledged);
    }

    private void appended(Source event, boolean acknowledged) {
      journal(event, Result.UNKNOWN);
      agentEvents.get(partition).add(event.at(nowMs));
      if (acknowledged) {
        journal(event, Result.ACKED);
      }
    }

    private long hashSentBefore(int attempt, long seq) {
      return sent.stream()
          .filter(s -> s.run().equals(id) && s.attempt() == attempt && s.seq() == seq)
          .mapToLong(Sent::hash)
          .findFirst()
          .orElseGet(random::nextLong);
    }

    private Source next(EventType type, boolean ends) {
      return new Source(
          nowMs,
          thread,
          id,
          attempt,
          landed.size() + 1,
          type,
          ends,
          random.nextLong(),
          Origin.AGENT);
    }
  }
}
