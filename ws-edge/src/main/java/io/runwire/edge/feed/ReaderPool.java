package io.runwire.edge.feed;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.runwire.edge.feed.HistoryMeters.Refusal;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.LogUnavailableException;
import io.runwire.edge.settings.HistorySettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads with a consumer each, and what waits for them. Questions, which are short, go
 * before scans, and a bulkhead keeps scans from taking the last consumer. A partition is scanned by
 * one at a time, and so is what one reader asked for. While a partition's breaker is open
 * everything about it is refused at once; those who ask try again.
 *
 * <p>What waits is guarded by the monitor; no answer is given under it. Thread-safe.
 */
final class ReaderPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReaderPool.class);

  /** The next chunk of who catches up is asked for earlier, and finds what was fetched ahead. */
  private static final long IDLE_AFTER_MS = 100;

  private static final long FOREVER = Long.MAX_VALUE;

  /** What a thread does with its consumer. */
  private sealed interface Task {
    int partition();

    void fail(Throwable why);
  }

  private record Question<T>(
      int partition, Function<LogConsumer, T> asks, CompletableFuture<T> answer, long askedNs)
      implements Task {
    void ask(LogConsumer consumer) {
      answer.complete(asks.apply(consumer));
    }

    @Override
    public void fail(Throwable why) {
      answer.completeExceptionally(why);
    }
  }

  private record Pass(Scan scan) implements Task {
    @Override
    public int partition() {
      return scan.leader().partition();
    }

    @Override
    public void fail(Throwable why) {
      scan.fail(why);
    }
  }

  private final HistorySettings settings;
  private final Stretches stretches;
  private final Breakers breakers;
  private final Bulkhead scans;
  private final HistoryMeters meters;
  private final LongSupplier nanoTime;
  private final Boarding boarding = new Boarding();
  private final List<LogConsumer> consumers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();

  private final ArrayDeque<Question<?>> questions = new ArrayDeque<>();
  private final CatchUpQueue catchUps;
  private final Lanes lanes;
  private final Set<String> reading = new HashSet<>();
  private boolean closing;

  ReaderPool(
      HistorySettings settings,
      Supplier<LogConsumer> consumers,
      Stretches stretches,
      Breakers breakers,
      Bulkhead scans,
      HistoryMeters meters,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.stretches = stretches;
    this.breakers = breakers;
    this.scans = scans;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.catchUps = new CatchUpQueue(settings.queue());
    this.lanes = new Lanes(settings.readers());
    for (int i = 0; i < settings.readers(); i++) {
      LogConsumer consumer = consumers.get();
      this.consumers.add(consumer);
      Thread thread = new Thread(() -> work(consumer), "runwire-history");
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  /** Asks something short about a partition. */
  <T> CompletionStage<T> ask(int partition, Function<LogConsumer, T> asks) {
    Question<T> question =
        new Question<>(partition, asks, new CompletableFuture<>(), nanoTime.getAsLong());
    if (!mayAsk(partition)) {
      question.answer.completeExceptionally(refused(Refusal.BREAKER));
    } else if (!offer(() -> questions.size() < settings.queue() && questions.add(question))) {
      question.answer.completeExceptionally(refused(Refusal.QUEUE));
    }
    return question.answer;
  }

  /**
   * Reads a chunk, in turn and together with others who read there; who does not want it any more
   * may cancel it.
   */
  CompletableFuture<Chunk> read(HistoryRead read) {
    CatchUp catchUp = new CatchUp(read, nanoTime.getAsLong());
    if (!mayAsk(read.partition())) {
      catchUp.fail(refused(Refusal.BREAKER));
    } else if (!offer(() -> catchUps.offer(catchUp))) {
      catchUp.fail(refused(Refusal.QUEUE));
    }
    var unused =
        catchUp
            .answer()
            .whenComplete(
                (chunk, failure) -> {
                  if (failure instanceof CancellationException) {
                    withdraw(catchUp);
                  }
                });
    return catchUp.answer();
  }

  private synchronized void withdraw(CatchUp catchUp) {
    catchUps.remove(catchUp);
  }

  /** Refuses what has waited too long; to be called now and then. */
  void expire() {
    long sinceNs = nanoTime.getAsLong() - settings.acquire().toNanos();
    List<Question<?>> lateQuestions = new ArrayList<>();
    List<CatchUp> lateReads;
    synchronized (this) {
      lateReads = catchUps.askedBefore(sinceNs);
      questions.removeIf(question -> question.askedNs - sinceNs < 0 && lateQuestions.add(question));
    }
    lateQuestions.forEach(late -> late.answer.completeExceptionally(refused(Refusal.WAITED)));
    lateReads.forEach(late -> late.completeOrFail(refused(Refusal.WAITED)));
  }

  /** Whether all threads run. */
  boolean alive() {
    return threads.stream().allMatch(Thread::isAlive);
  }

  /** The share of the consumers that are at work, 0 to 1. */
  double utilisation() {
    return (double) busy.get() / consumers.size();
  }

  /** Questions and reads that wait. */
  synchronized int waiting() {
    return questions.size() + catchUps.size();
  }

  @Override
  public void close() {
    List<CatchUp> reads;
    List<Question<?>> asked;
    synchronized (this) {
      closing = true;
      reads = catchUps.askedBefore(nanoTime.getAsLong() + 1);
      asked = List.copyOf(questions);
      questions.clear();
      notifyAll();
    }
    LogUnavailableException gone =
        new LogUnavailableException("closed", new IllegalStateException("the edge goes down"));
    reads.forEach(catchUp -> catchUp.fail(gone));
    asked.forEach(question -> question.answer.completeExceptionally(gone));
    consumers.forEach(LogConsumer::wakeup);
    try {
      for (Thread thread : threads) {
        thread.join(settings.deadline().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (threads.stream().anyMatch(Thread::isAlive)) {
      log.warn("a history read did not end in time");
    }
  }

  private void work(LogConsumer consumer) {
    try (consumer) {
      for (Task task = next(consumer); task != null; task = next(consumer)) {
        busy.incrementAndGet();
        try {
          perform(task, consumer);
        } catch (Error e) {
          task.fail(new LogUnavailableException("the reader ends", e));
          throw e; // which ends the thread, and shows
        } finally {
          busy.decrementAndGet();
          ended(task);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the next task; null when the pool closes. */
  private @Nullable Task next(LogConsumer consumer) throws InterruptedException {
    Task task = take(IDLE_AFTER_MS);
    if (task == null) {
      consumer.settle();
      task = take(FOREVER);
    }
    return task;
  }

  /** The next task; null when the pool closes, or there was none for so long. */
  private synchronized @Nullable Task take(long patienceMs) throws InterruptedException {
    long beganNs = System.nanoTime();
    while (!closing) {
      Question<?> question = nextQuestion();
      if (question != null) {
        meters.waited(nanoTime.getAsLong() - question.askedNs);
        return question;
      }
      Scan scan = nextScan();
      if (scan != null) {
        meters.waited(nanoTime.getAsLong() - scan.leader().askedNs());
        return new Pass(scan);
      }
      long leftMs = patienceMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
      if (leftMs <= 0) {
        return null;
      }
      wait(leftMs);
    }
    return null;
  }

  private synchronized @Nullable Question<?> nextQuestion() {
    for (Iterator<Question<?>> waiting = questions.iterator(); waiting.hasNext(); ) {
      Question<?> question = waiting.next();
      if (lanes.mayAsk(question.partition)) {
        waiting.remove();
        lanes.asking(question.partition);
        return question;
      }
    }
    return null;
  }

  private synchronized @Nullable Scan nextScan() {
    if (catchUps.size() == 0 || !scans.tryAcquirePermission()) {
      return null;
    }
    List<CatchUp> next =
        catchUps.poll(
            catchUp -> !reading.contains(catchUp.reader()) && lanes.mayScan(catchUp.partition()));
    if (next.isEmpty()) {
      scans.releasePermission();
      return null;
    }
    CatchUp leader = next.get(0);
    lanes.scanning(leader.partition());
    reading.add(leader.reader());
    OptionalLong hindmost =
        leader.overtaken() ? OptionalLong.empty() : catchUps.hindmost(leader.partition());
    long from = Math.min(leader.position(), hindmost.orElse(leader.position()));
    return new Scan(
        leader,
        catchUps.board(leader.partition(), from),
        boarding,
        stretches,
        settings.deadline(),
        nanoTime);
  }

  private void perform(Task task, LogConsumer consumer) {
    CircuitBreaker breaker = breakers.of(task.partition());
    if (!breaker.tryAcquirePermission()) {
      task.fail(refused(Refusal.BREAKER));
      return;
    }
    long beganNs = nanoTime.getAsLong();
    try {
      if (task instanceof Question<?> question) {
        question.ask(consumer);
      } else if (task instanceof Pass pass) {
        pass.scan.run(consumer);
      }
      breaker.onSuccess(nanoTime.getAsLong() - beganNs, TimeUnit.NANOSECONDS);
      failing(task.partition(), false);
    } catch (WakeupException e) {
      breaker.releasePermission();
      task.fail(new LogUnavailableException("closed", e));
    } catch (KafkaException e) {
      breaker.onError(nanoTime.getAsLong() - beganNs, TimeUnit.NANOSECONDS, e);
      failing(task.partition(), true);
      task.fail(new LogUnavailableException(String.valueOf(e.getMessage()), e));
    } catch (RuntimeException e) {
      log.error("history cannot be read", e);
      breaker.onError(nanoTime.getAsLong() - beganNs, TimeUnit.NANOSECONDS, e);
      task.fail(e);
    } finally {
      meters.read(nanoTime.getAsLong() - beganNs);
    }
  }

  private synchronized void failing(int partition, boolean isFailing) {
    lanes.failing(partition, isFailing);
  }

  private synchronized void ended(Task task) {
    if (task instanceof Pass pass) {
      lanes.scanned(task.partition());
      reading.remove(pass.scan.leader().reader());
      scans.releasePermission();
    } else {
      lanes.asked(task.partition());
    }
    notifyAll();
  }

  /**
   * Whether its breaker lets something be asked of a partition now, or tried since the breaker has
   * been open long enough.
   */
  private boolean mayAsk(int partition) {
    CircuitBreaker breaker = breakers.of(partition);
    if (!breaker.tryAcquirePermission()) {
      return false;
    }
    breaker.releasePermission();
    return true;
  }

  private synchronized boolean offer(Supplier<Boolean> offered) {
    if (closing || !offered.get()) {
      return false;
    }
    notifyAll();
    return true;
  }

  private LogUnavailableException refused(Refusal why) {
    meters.refused(why);
    return new LogUnavailableException(why.message(), new IllegalStateException("not asked"));
  }

  private final class Boarding implements Scan.Boarding {
    @Override
    public List<CatchUp> board(int partition, long from) {
      synchronized (ReaderPool.this) {
        return catchUps.board(partition, from);
      }
    }

    @Override
    public void putBack(CatchUp catchUp) {
      synchronized (ReaderPool.this) {
        catchUps.putBack(catchUp);
      }
    }

    @Override
    public boolean othersWait() {
      return waiting() > 0;
    }
  }
}
