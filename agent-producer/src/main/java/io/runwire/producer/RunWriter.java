package io.runwire.producer;

import io.runwire.event.EventHeaders;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import io.runwire.producer.log.RunLane.Admission;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Numbers a run's events and hands them over, one caller at a time, and knows what is open.
 *
 * <p>While room is short, pieces of one text that follow each other become one event, as long as it
 * has not been sent: fewer, larger events say the same.
 *
 * <p>A caller gets a {@link Turn}, in which the run stands still for it. Nothing is numbered before
 * it is accepted, so a refused call leaves no trace. What closes, what ends and what starts a
 * further attempt is accepted always: it is small, and without it a reader would wait for ever.
 */
final class RunWriter {
  private final RunAttempt attempt;
  private final RunLane lane;
  private final Clock clock;
  private final Duration bound;
  private final Optional<String> traceparent;

  // Fair, so that a caller that closes waits no longer than those before it, each for its bound.
  private final ReentrantLock lock = new ReentrantLock(true);

  // Guarded by lock.
  private final Map<Bracket, RunScope> open = new LinkedHashMap<>(); // outermost first
  private long nextSeq = 1;
  private @Nullable Draft last; // written so far
  private boolean ended;

  /**
   * @param bound how long a call may wait, for its turn and for room
   */
  RunWriter(
      RunAttempt attempt, RunLane lane, Clock clock, Duration bound, Optional<String> traceparent) {
    this.attempt = attempt;
    this.lane = lane;
    this.clock = clock;
    this.bound = bound;
    this.traceparent = traceparent;
  }

  /**
   * Waits for a turn.
   *
   * @throws BackPressureException if none came in time
   * @throws IllegalStateException if the run, or the branch that asks, has ended
   */
  Turn turn(RunScope scope) {
    long deadlineNs = lockInTime();
    if (scope.isOver()) {
      lock.unlock();
      throw new IllegalStateException(scope + " has ended");
    }
    return new Turn(deadlineNs, scope);
  }

  /** A turn for something that must still be open. */
  Turn turn(Bracket bracket) {
    long deadlineNs = lockInTime();
    RunScope opener = open.get(bracket);
    if (opener == null) {
      lock.unlock();
      throw new IllegalStateException(bracket + " of " + attempt + " is closed");
    }
    return new Turn(deadlineNs, opener);
  }

  /**
   * Writes the start of a further attempt, whether there is room or not.
   *
   * @throws IllegalStateException if it has ended before
   */
  void startAgain(Draft started) {
    lock.lock();
    try {
      if (ended) {
        throw new IllegalStateException(attempt + " has ended");
      }
      append(List.of(started));
    } finally {
      lock.unlock();
    }
  }

  /** Closes it, unless it has been closed. */
  void close(Bracket bracket) {
    lock.lock();
    try {
      if (!ended && open.remove(bracket) != null) {
        append(bracket.closing());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends a branch: closes what it has open, and refuses what it writes from now on. */
  void end(RunBranch branch) {
    lock.lock();
    try {
      if (ended || branch.isOver()) {
        return;
      }
      branch.over = true;
      List<Bracket> own = innermostFirst(branch);
      own.forEach(open::remove);
      append(own.stream().flatMap(bracket -> bracket.closing().stream()).toList());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the run: closes what is open and writes the terminal event.
   *
   * @return false if it had ended before
   * @throws RunFailedException if the run has failed; it has ended then, too
   */
  boolean end(RunScope run, Draft terminal) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      if (nextSeq == 1) { // what has not started leaves nothing to end
        ended = true;
        lane.close();
        return true;
      }
      List<Draft> drafts = new ArrayList<>();
      innermostFirst(run).forEach(bracket -> drafts.addAll(bracket.closing()));
      drafts.add(terminal);
      List<AgentEvent> events = number(drafts); // throws before anything has changed
      ended = true;
      open.clear();
      Admission admission = lane.append(events);
      lane.close();
      if (admission == Admission.FAILED) {
        throw failed();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Why nothing can be written any more. */
  RunFailedException failed() {
    return new RunFailedException(attempt, lane.failure().orElseThrow());
  }

  private List<Bracket> innermostFirst(RunScope scope) {
    List<Bracket> own = new ArrayList<>();
    open.forEach(
        (bracket, opener) -> {
          if (opener.isWithin(scope)) {
            own.add(bracket);
          }
        });
    Collections.reverse(own);
    return own;
  }

  /**
   * Takes the lock, unless the run has ended.
   *
   * @return until when the turn may wait for room
   */
  private long lockInTime() {
    long deadlineNs = System.nanoTime() + bound.toNanos();
    if (!lock.tryLock() && !lockWithin(bound)) {
      throw refused("no turn");
    }
    if (ended) {
      lock.unlock();
      throw new IllegalStateException(attempt + " has ended");
    }
    return deadlineNs;
  }

  private BackPressureException refused(String what) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    return new BackPressureException(
        attempt + ": " + what + (interrupted ? " until interrupted" : " within " + bound));
  }

  private boolean lockWithin(Duration patience) {
    try {
      return lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void append(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return;
    }
    List<AgentEvent> events = number(drafts);
    if (lane.append(events) == Admission.FAILED) {
      throw failed();
    }
    written(drafts);
  }

  private void written(List<Draft> drafts) {
    nextSeq += drafts.size();
    last = drafts.get(drafts.size() - 1);
  }

  /**
   * Where room is short, makes a piece of text part of the event before it, which is the same
   * text's and still here: that takes its seq, and the piece none.
   */
  private boolean join(Draft piece) {
    if (last == null || !last.isContinuedBy(piece) || !lane.isTight()) {
      return false;
    }
    Draft joined = last.joinedWith(piece);
    if (!lane.replaceLast(number(joined, nextSeq - 1))) {
      return false;
    }
    last = joined;
    return true;
  }

  private List<AgentEvent> number(List<Draft> drafts) {
    List<AgentEvent> events = new ArrayList<>(drafts.size());
    long seq = nextSeq;
    for (Draft draft : drafts) {
      events.add(number(draft, seq++));
    }
    return events;
  }

  private AgentEvent number(Draft draft, long seq) {
    byte[] value = EventEncoder.encode(draft, clock.millis());
    return new AgentEvent(attempt, seq, draft.type(), headers(draft), value);
  }

  private Map<String, String> headers(Draft draft) {
    if (traceparent.isEmpty()) {
      return draft.headers();
    }
    Map<String, String> headers = new HashMap<>(draft.headers());
    headers.put(EventHeaders.TRACEPARENT, traceparent.get());
    return headers;
  }

  /** One caller's turn: until it is closed, nobody else writes to the run. */
  final class Turn implements AutoCloseable {
    private final long deadlineNs;
    private final RunScope scope;

    private Turn(long deadlineNs, RunScope scope) {
      this.deadlineNs = deadlineNs;
      this.scope = scope;
    }

    /** Writes all of them or throws. */
    void write(List<Draft> drafts) {
      if (drafts.isEmpty() || (drafts.size() == 1 && join(drafts.get(0)))) {
        return;
      }
      List<AgentEvent> events = number(drafts);
      Duration patience = Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()));
      switch (lane.offer(events, patience)) {
        case TAKEN -> written(drafts);
        case NO_ROOM -> throw refused("no room");
        case FAILED -> throw failed();
      }
    }

    /** Opens it: from now on it is closed before the run ends. */
    void open(Bracket bracket) {
      write(bracket.opening());
      open.put(bracket, scope);
    }

    boolean stepIsOpen(String name) {
      return open.keySet().stream()
          .anyMatch(b -> b instanceof Step step && step.name().equals(name));
    }

    @Override
    public void close() {
      lock.unlock();
    }
  }
}
