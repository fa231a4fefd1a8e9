package io.runwire.producer.kafka;

import io.runwire.producer.kafka.UnsettledWindow.Entry;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt's way into Kafka, in order, whatever fails.
 *
 * <p>The rule: an event is <em>settled</em> when it and all lower seq are acknowledged. Sends go
 * out in rounds. After any send error a new round begins: everything from the lowest unsettled seq
 * is sent again, acknowledged ones too, same bytes; what comes back from an earlier round counts
 * for nothing. Otherwise a batch that expired while a later one arrived would leave a hole that its
 * repetition, standing behind, could not fill for a reader.
 *
 * <pre>
 *         append           send error                the pause is over
 *   IDLE ────────▶ SENDING ──────────▶ BACKING_OFF ──────────────────▶ SENDING, from the lowest
 *    ▲                │ nothing to send                                 unsettled seq
 *    └────────────────┘
 *   any: a fatal error, or nothing acknowledged for the lease ▶ failed, for good
 * </pre>
 *
 * <p>Threads: agents append and wait; the owner thread sends; Kafka's I/O thread (or the owner, if
 * a send fails at once) calls back. The lock is never held across a call to Kafka, since the I/O
 * thread needs it in order to free the memory that a send may be waiting for.
 */
final class KafkaLane implements RunLane {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaLane.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private enum Activity {
    IDLE,
    SENDING,
    BACKING_OFF
  }

  private final RunAttempt attempt;
  private final Producer<byte[], byte[]> producer;
  private final OwnerThread owner;
  private final Spool spool;
  private final Counters counters;
  private final Consumer<KafkaLane> onDone;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by lock.
  private final UnsettledWindow window;
  private final Lease lease;
  private Activity activity = Activity.IDLE;
  private long round;
  private Duration pause = FIRST_PAUSE;
  private @Nullable Throwable failure;
  private boolean closed;

  /**
   * @param onDone told once, when nothing more will come and nothing is unsettled, or the lane has
   *     failed; on any thread, with the lock held
   */
  KafkaLane(
      RunAttempt attempt,
      Lease lease,
      long windowBytes,
      Spool spool,
      Producer<byte[], byte[]> producer,
      OwnerThread owner,
      Counters counters,
      Consumer<KafkaLane> onDone) {
    this.attempt = attempt;
    this.lease = lease;
    this.producer = producer;
    this.owner = owner;
    this.counters = counters;
    this.onDone = onDone;
    this.spool = spool;
    this.window = new UnsettledWindow(windowBytes, spool);
  }

  @Override
  public Admission offer(List<AgentEvent> events, Duration patience) {
    long bytes = UnsettledWindow.bytes(events);
    long leftNs = patience.toNanos();
    boolean waited = false;
    try {
      while (true) {
        Optional<Admission> admission = tryTake(events);
        if (admission.isPresent()) {
          return admission.get();
        }
        if (leftNs <= 0) {
          counters.refused.increment();
          return Admission.NO_ROOM;
        }
        if (!waited) {
          counters.waited.increment();
          waited = true;
        }
        leftNs = spool.awaitRelease(bytes, awaitRoom(bytes, leftNs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      counters.refused.increment();
      return Admission.NO_ROOM;
    }
  }

  @Override
  public boolean isTight() {
    lock.lock();
    try {
      return window.isTight();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean replaceLast(AgentEvent event) {
    lock.lock();
    try {
      if (failedByNow() || !window.replaceLast(event)) {
        return false;
      }
      counters.joined.increment();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Admission append(List<AgentEvent> events) {
    lock.lock();
    try {
      if (failedByNow()) {
        return Admission.FAILED;
      }
      renewIfEmpty();
      window.add(events);
      return taken(events);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Settlement awaitSettled(Duration bound) {
    long leftNs = bound.toNanos();
    lock.lock();
    try {
      while (!failedByNow() && !window.isEmpty()) {
        if (leftNs <= 0) {
          return Settlement.UNSETTLED;
        }
        leftNs = changed.awaitNanos(leftNs);
      }
      return failure == null ? Settlement.SETTLED : Settlement.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Settlement.UNSETTLED;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Throwable> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      doneIfDrained();
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what is not settled. */
  void abandon(Throwable cause) {
    lock.lock();
    try {
      fail(cause);
    } finally {
      lock.unlock();
    }
  }

  /** Empty where there is no room. */
  private Optional<Admission> tryTake(List<AgentEvent> events) {
    lock.lock();
    try {
      if (failedByNow()) {
        return Optional.of(Admission.FAILED);
      }
      renewIfEmpty();
      return window.tryAdd(events) ? Optional.of(taken(events)) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for room in the window; returns what is left of the patience. */
  private long awaitRoom(long bytes, long patienceNs) throws InterruptedException {
    long leftNs = patienceNs;
    lock.lockInterruptibly();
    try {
      while (leftNs > 0 && !failedByNow() && !window.hasRoom(bytes)) {
        leftNs = changed.awaitNanos(leftNs);
      }
      return leftNs;
    } finally {
      lock.unlock();
    }
  }

  /** What waits for its acknowledgement waits from when it was appended. */
  private void renewIfEmpty() {
    if (window.isEmpty()) {
      lease.renew();
    }
  }

  private Admission taken(List<AgentEvent> events) {
    counters.appended.add(events.size());
    sendIfIdle();
    return Admission.TAKEN;
  }

  private void sendIfIdle() {
    if (activity == Activity.IDLE && window.hasNext()) {
      activity = Activity.SENDING;
      owner.execute(this::sendPending);
    }
  }

  /** On the owner thread: sends what there is to send. */
  private void sendPending() {
    while (true) {
      Entry entry;
      long current;
      lock.lock();
      try {
        if (activity != Activity.SENDING) {
          return; // a send error has come back meanwhile
        }
        entry = window.next();
        if (entry == null) {
          activity = Activity.IDLE;
          return;
        }
        current = round;
      } finally {
        lock.unlock();
      }
      send(entry, current);
    }
  }

  private void send(Entry entry, long sentInRound) {
    if (entry.repeated()) {
      counters.resent.increment();
    }
    try {
      var unused = // the callback tells
          producer.send(
              entry.record,
              (metadata, error) -> {
                if (error == null) {
                  acknowledged(entry, sentInRound);
                } else {
                  failed(error, sentInRound);
                }
              });
    } catch (RuntimeException e) {
      failed(e, sentInRound); // thrown instead of reported where the producer itself has failed
    }
  }

  private void acknowledged(Entry entry, long sentInRound) {
    lock.lock();
    try {
      if (sentInRound != round) {
        return;
      }
      lease.renew();
      pause = FIRST_PAUSE;
      int settled = window.acknowledged(entry);
      if (settled > 0) {
        counters.settled.add(settled);
        changed.signalAll();
        sendIfIdle();
        doneIfDrained();
      }
    } finally {
      lock.unlock();
    }
  }

  private void failed(Exception error, long sentInRound) {
    lock.lock();
    try {
      if (sentInRound != round) {
        return;
      }
      counters.sendErrors.increment();
      if (SendFailure.isFatal(error)) {
        fail(error);
      } else if (lease.hasPassed()) {
        fail(lease.loss(error));
      } else {
        LOG.warn("{}: repeating what is unsettled after {}", attempt, error.toString());
        round++;
        window.startOver();
        activity = Activity.BACKING_OFF;
        owner.schedule(this::resume, pause);
        pause = longer(pause);
      }
    } finally {
      lock.unlock();
    }
  }

  /** On the owner thread, after a pause. */
  private void resume() {
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      activity = Activity.SENDING;
    } finally {
      lock.unlock();
    }
    sendPending();
  }

  private boolean failedByNow() {
    if (failure == null && !window.isEmpty() && lease.hasPassed()) {
      fail(lease.loss(null));
    }
    return failure != null;
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
      round++;
      activity = Activity.IDLE;
      window.clear();
      counters.failedRuns.increment();
      changed.signalAll();
      onDone.accept(this);
    }
  }

  private void doneIfDrained() {
    if (closed && window.isEmpty() && failure == null) {
      onDone.accept(this);
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
