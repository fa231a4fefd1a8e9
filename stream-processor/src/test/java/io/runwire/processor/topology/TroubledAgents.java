package io.runwire.processor.topology;

import io.runwire.processor.AgentEvent;
import io.runwire.processor.topology.CrashingRouter.Seen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Agents that keep to the producer's side of the contract under trouble: sends get lost, and
 * everything from the lowest that did is sent again, arrived or not; attempts are given up and
 * their last records arrive late; runs are repeated from the start.
 */
final class TroubledAgents {
  private static final int THREADS = 2;

  private final Random random;
  private final List<AgentEvent> log = new ArrayList<>();
  private final Map<String, List<Seen>> intended = new LinkedHashMap<>();
  private final Map<String, String> threads = new LinkedHashMap<>();

  TroubledAgents(Random random) {
    this.random = random;
    List<Deque<AgentEvent>> runs = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      runs.add(run("thread-" + random.nextInt(THREADS), "run-" + i));
    }
    while (!runs.isEmpty()) {
      Deque<AgentEvent> next = runs.get(random.nextInt(runs.size()));
      log.add(next.removeFirst());
      runs.removeIf(Deque::isEmpty);
    }
  }

  /** What stands in agent-events in the end. */
  List<AgentEvent> log() {
    return log;
  }

  /** What the agents meant, by run. */
  Map<String, List<Seen>> intended() {
    return intended;
  }

  String thread(String run) {
    return threads.getOrDefault(run, "");
  }

  private Deque<AgentEvent> run(String thread, String run) {
    Deque<AgentEvent> sent = new ArrayDeque<>();
    List<Seen> meant = new ArrayList<>();
    int attempts = 1 + random.nextInt(3);
    List<AgentEvent> previous = List.of();
    for (int attempt = 1; attempt <= attempts; attempt++) {
      List<AgentEvent> events = attempt(thread, run, attempt, attempt == attempts);
      events.forEach(e -> meant.add(new Seen(run, e.attempt(), e.seq())));
      send(events, sent);
      repeatSome(previous, sent); // a zombie of the attempt before
      previous = events;
    }
    if (random.nextInt(4) == 0) {
      sent.addAll(previous);
    }
    threads.put(run, thread);
    intended.put(run, meant);
    return sent;
  }

  private List<AgentEvent> attempt(String thread, String run, int attempt, boolean last) {
    List<AgentEvent> events = new ArrayList<>();
    events.add(AgentEvent.started(thread, run, attempt));
    int contents = random.nextInt(8);
    for (int i = 0; i < contents; i++) {
      events.add(AgentEvent.content(thread, run, attempt, events.size() + 1));
    }
    if (last) {
      events.add(AgentEvent.finished(thread, run, attempt, events.size() + 1));
    } else if (random.nextBoolean()) {
      events.add(AgentEvent.failed(thread, run, attempt, events.size() + 1));
    }
    return events;
  }

  /**
   * In windows, of which some records are lost; then again from the first that was, or earlier. The
   * start of a run stands in a window of its own: a reader knows a run from the first record that
   * it meets, so nothing may overtake that one.
   */
  private void send(List<AgentEvent> events, Deque<AgentEvent> sent) {
    int from = 0;
    if (events.get(0).attempt() == 1) {
      sent.add(events.get(0));
      from = 1;
    }
    while (from < events.size()) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(4));
      int lowestLost = to;
      for (int i = from; i < to; i++) {
        if (random.nextInt(4) == 0) {
          lowestLost = Math.min(lowestLost, i);
        } else {
          sent.add(events.get(i));
        }
      }
      if (lowestLost < to || random.nextInt(8) == 0) {
        int again = Math.max(0, lowestLost - random.nextInt(3));
        sent.addAll(events.subList(again, to));
      }
      from = to;
    }
  }

  private void repeatSome(List<AgentEvent> events, Deque<AgentEvent> sent) {
    if (!events.isEmpty() && random.nextInt(3) == 0) {
      sent.addAll(events.subList(random.nextInt(events.size()), events.size()));
    }
  }
}
