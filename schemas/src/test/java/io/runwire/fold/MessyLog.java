package io.runwire.fold;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * A thread's log as agents, watchdog and routers can come to write it, and what its readers are to
 * see of it.
 *
 * <p>What an agent sends lands in agent-events, each time at an offset of its own; routers copy
 * that in order, and in bad times parts of it again, under the same source offsets.
 */
final class MessyLog {
  private static final String THREAD = "thread";
  private static final Uuid AGENT_EVENTS = new Uuid(0, 1);

  /** What can happen to a run, or to the router. */
  enum Happening {
    /** The agent's next event; the start of an attempt where none is under way. */
    EVENT,
    /** The attempt ends, and another is to follow. */
    ATTEMPT_FAILS,
    /** A newer attempt begins, whatever became of the older one. */
    RESTART,
    /** The run ends: by its agent, or between attempts by the watchdog. */
    END,
    /** The producer was not sure, and sends its latest events again. */
    SENT_AGAIN,
    /** Of several events the first fails; the producer then sends all of them again. */
    HOLE,
    /** Somebody writes who has not noticed that a newer attempt has begun or the run has ended. */
    ZOMBIE_AGENT,
    /** An agent goes on in an attempt of which it said that another follows. */
    ATTEMPT_GOES_ON_AFTER_ITS_END,
    /** A router crashes, and the next one begins where the offsets were last committed. */
    CRASH_REPLAY,
    /** A stretch that a frozen router had still under way lands late. */
    ZOMBIE_ROUTER
  }

  /** One thing that happens; {@code run} and {@code amount} mean what they can mean to it. */
  record Step(Happening happening, int run, int amount) {}

  /** An event, wherever it stands. */
  record Event(String run, int attempt, long seq, EventType type, boolean ends) {
    static Event of(Envelope record) {
      return new Event(record.run(), record.attempt(), record.seq(), record.type(), record.ends());
    }
  }

  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final List<Event> agentEvents = new ArrayList<>();
  private final List<Envelope> threadEvents = new ArrayList<>();
  private final List<Event> intended = new ArrayList<>();

  private MessyLog() {}

  /** What the steps leave behind once every run that began has ended, too. */
  static MessyLog of(List<Step> steps) {
    MessyLog log = new MessyLog();
    steps.forEach(log::happens);
    log.runs.values().forEach(Run::end);
    return log;
  }

  /** The records of thread-events. */
  List<Envelope> records() {
    return threadEvents;
  }

  /** What a reader of all of it is to see. */
  List<Event> intended() {
    return intended;
  }

  /** The names of the runs. */
  List<String> runs() {
    return List.copyOf(runs.keySet());
  }

  @Override
  public String toString() {
    StringBuilder lines = new StringBuilder();
    for (Envelope record : threadEvents) {
      lines.append("\n  ").append(Event.of(record)).append(" src ").append(source(record));
    }
    return lines.toString();
  }

  /** The source offset of a record of this log. */
  static long source(Envelope record) {
    return record.src().orElseThrow().offset();
  }

  private void happens(Step step) {
    Run run = runs.computeIfAbsent("run-" + step.run(), Run::new);
    switch (step.happening()) {
      case EVENT -> run.event();
      case ATTEMPT_FAILS -> run.failAttempt();
      case RESTART -> run.restart(1 + step.amount() % 2);
      case END -> run.end();
      case SENT_AGAIN -> run.sendAgain(step.amount());
      case HOLE -> run.sendWithHole(2 + step.amount() / 2 % 2, step.amount() % 2 == 1);
      case ZOMBIE_AGENT -> run.zombie(step.amount());
      case ATTEMPT_GOES_ON_AFTER_ITS_END -> run.goOnAfterAttempt();
      case CRASH_REPLAY -> route(agentEvents.size() - 1 - step.amount(), agentEvents.size());
      case ZOMBIE_ROUTER -> route(step.amount(), step.amount() + 3);
    }
  }

  private void append(Event event) {
    agentEvents.add(event);
    route(agentEvents.size() - 1, agentEvents.size());
  }

  private void route(int from, int to) {
    for (int offset = Math.max(0, from); offset < Math.min(to, agentEvents.size()); offset++) {
      Event event = agentEvents.get(offset);
      threadEvents.add(
          new Envelope(
              THREAD,
              event.run(),
              event.attempt(),
              event.seq(),
              event.type(),
              event.ends(),
              Optional.empty(),
              Origin.AGENT,
              Optional.of(new SourcePosition(AGENT_EVENTS, 0, offset))));
    }
  }

  private enum Phase {
    BETWEEN_ATTEMPTS,
    GOING,
    ENDED
  }

  private final class Run {
    private final String name;
    private final List<Event> attemptsEvents = new ArrayList<>();
    private int attempt;
    private Phase phase = Phase.BETWEEN_ATTEMPTS;

    Run(String name) {
      this.name = name;
    }

    void event() {
      if (phase == Phase.BETWEEN_ATTEMPTS) {
        restart(1);
      } else if (phase == Phase.GOING) {
        append(intend(EventType.TEXT_MESSAGE_CONTENT, false));
      }
    }

    void restart(int attemptsOn) {
      if (phase != Phase.ENDED) {
        begin(attemptsOn);
        append(intend(EventType.RUN_STARTED, false));
        phase = Phase.GOING;
      }
    }

    void failAttempt() {
      if (phase == Phase.GOING) {
        append(intend(EventType.RUN_ERROR, false));
        phase = Phase.BETWEEN_ATTEMPTS;
      }
    }

    void end() {
      if (phase == Phase.GOING) {
        append(intend(EventType.RUN_FINISHED, true));
        phase = Phase.ENDED;
      } else if (phase == Phase.BETWEEN_ATTEMPTS && attempt > 0) {
        begin(1);
        append(intend(EventType.RUN_ERROR, true));
        phase = Phase.ENDED;
      }
    }

    void sendAgain(int events) {
      int size = attemptsEvents.size();
      attemptsEvents.subList(Math.max(0, size - events), size).forEach(MessyLog.this::append);
    }

    /** Never at the start of a run, which a producer awaits before it sends more. */
    void sendWithHole(int events, boolean lastEnds) {
      if (attempt == 0 || phase == Phase.ENDED) {
        return;
      }
      List<Event> sent = new ArrayList<>();
      if (phase == Phase.BETWEEN_ATTEMPTS) {
        begin(1);
        sent.add(intend(EventType.RUN_STARTED, false));
      }
      while (sent.size() < events - 1) {
        sent.add(intend(EventType.TEXT_MESSAGE_CONTENT, false));
      }
      sent.add(intend(lastEnds ? EventType.RUN_FINISHED : EventType.CUSTOM, lastEnds));
      phase = lastEnds ? Phase.ENDED : Phase.GOING;
      sent.subList(1, sent.size()).forEach(MessyLog.this::append);
      sent.forEach(MessyLog.this::append);
    }

    /** None of this is to be seen: it is of an older attempt, comes second, or after the end. */
    void zombie(int amount) {
      if (attempt == 0) {
        return;
      }
      append(new Event(name, attempt, last(), EventType.RUN_ERROR, true));
      if (phase == Phase.ENDED) {
        append(new Event(name, attempt, last() + 1, EventType.RAW, false));
        append(new Event(name, attempt, last() + 2, EventType.RUN_FINISHED, true));
        append(new Event(name, attempt + 1, 1, EventType.RUN_STARTED, false));
      }
      if (attempt > 1) {
        append(new Event(name, attempt - 1, amount + 1, EventType.RAW, false));
        append(new Event(name, attempt - 1, amount + 2, EventType.RUN_FINISHED, true));
      }
    }

    /** Nor is this. */
    void goOnAfterAttempt() {
      if (phase == Phase.BETWEEN_ATTEMPTS && attempt > 0) {
        append(new Event(name, attempt, last() + 1, EventType.RAW, false));
        append(new Event(name, attempt, last() + 2, EventType.RUN_FINISHED, true));
      }
    }

    private void begin(int attemptsOn) {
      attempt += attemptsOn;
      attemptsEvents.clear();
    }

    private long last() {
      return attemptsEvents.size();
    }

    private Event intend(EventType type, boolean ends) {
      Event event = new Event(name, attempt, last() + 1, type, ends);
      attemptsEvents.add(event);
      intended.add(event);
      return event;
    }
  }
}
