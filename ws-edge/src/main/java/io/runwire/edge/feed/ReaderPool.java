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
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
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
 * one at a time, and so is what one reader asked for. While the breaker is open everything is
 * refused at once; those who ask try again.
 *
 * <p>What waits is guarded by the monitor; no answer is given under it. Thread-safe.
 */
final class ReaderPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReaderPool.class);

  /** What a thread does with its consumer. */
  private sealed interface Task {}

  private record Question<T>(
      Function<LogConsumer, T> asks, CompletableFuture<T> answer, long askedNs) implements Task {
    void ask(LogConsumer consumer) {
      answer.complete(asks.apply(consumer));
    }
  }

  private record Pass(Scan scan) implements Task {}

  private final HistorySettings settings;
  private final Stretches stretches;
  private final CircuitBreaker breaker;
  private final Bulkhead scans;
  private final HistoryMeters meters;
  private final LongSupplier nanoTime;
  private final Boarding boarding = new Boarding();
  private final List<LogConsumer> consumers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();

  private final ArrayDeque<Question<?>> questions = new ArrayDeque<>();
  private final CatchUpQueue catchUps;
  private final Set<Integer> scanned = new HashSet<>();
  private final Set<String> reading = new HashSet<>();
  private boolean closing;

  ReaderPool(
      HistorySettings settings,
      Supplier<LogConsumer> consumers,
      Stretches stretches,
      CircuitBreaker breaker,
      Bulkhead scans,
      HistoryMeters meters,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.stretches = stretches;
    this.breaker = breaker;
    this.scans = scans;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.catchUps = new CatchUpQueue(settings.queue());
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

  /** Asks something short. */
  <T> CompletionStage<T> ask(Function<LogConsumer, T> asks) {
    Question<T> question = new Question<>(asks, new CompletableFuture<>(), nanoTime.getAsLong());
    if (!mayAsk()) {
      question.answer.completeExceptionally(refused(Refusal.BREAKER));
    } else if (!offer(() -> questions.size() < settings.queue() && questions.add(question))) {
      question.answer.completeExceptionally(refused(Refusal.QUEUE));
    }
    return question.answer;
  }

  /** Reads a chunk, in turn and together with others who read there. */
  CompletionStage<Chunk> read(HistoryRead read) {
    CatchUp catchUp = new CatchUp(read, nanoTime.getAsLong());
    if (!mayAsk()) {
      catchUp.fail(refused(Refusal.BREAKER));
    } else if (!offer(() -> catchUps.offer(catchUp))) {
      catchUp.fail(refused(Refusal.QUEUE));
    }
    return catchUp.answer();
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
      for (Task task = next(); task != null; task = next()) {
        busy.incrementAndGet();
        try {
          perform(task, consumer);
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
  private synchronized @Nullable Task next() throws InterruptedException {
    while (!closing) {
      Question<?> question = questions.poll();
      if (question != null) {
        meters.waited(nanoTime.getAsLong() - question.askedNs);
        return question;
      }
      Scan scan = nextScan();
      if (scan != null) {
        meters.waited(nanoTime.getAsLong() - scan.leader().askedNs());
        return new Pass(scan);
      }
      wait();
    }
    return null;
  }

  private synchronized @Nullable Scan nextScan() {
    if (catchUps.size() == 0 || !scans.tryAcquirePermission()) {
      return null;
    }
    List<CatchUp> next =
        catchUps.poll(
            catchUp ->
                !scanned.contains(catchUp.partition()) && !reading.contains(catchUp.reader()));
    if (next.isEmpty()) {
      scans.releasePermission();
      return null;
    }
    CatchUp leader = next.get(0);
    scanned.add(leader.partition());
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
    if (!breaker.tryAcquirePermission()) {
      fail(task, refused(Refusal.BREAKER));
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
    } catch (WakeupException e) {
      breaker.releasePermission();
      fail(task, new LogUnavailableException("closed", e));
    } catch (KafkaException e) {
      breaker.onError(nanoTime.getAsLong() - beganNs, TimeUnit.NANOSECONDS, e);
      fail(task, new LogUnavailableException(String.valueOf(e.getMessage()), e));
    } catch (RuntimeException e) {
      log.error("history cannot be read", e);
      breaker.onError(nanoTime.getAsLong() - beganNs, TimeUnit.NANOSECONDS, e);
      fail(task, e);
    } finally {
      meters.read(nanoTime.getAsLong() - beganNs);
    }
  }

  private static void fail(Task task, Throwable why) {
    if (task instanceof Question<?> question) {
      question.answer.completeExceptionally(why);
    } else if (task instanceof Pass pass) {
      pass.scan.fail(why);
    }
  }

  private synchronized void ended(Task task) {
    if (task instanceof Pass pass) {
      scanned.remove(pass.scan.leader().partition());
      reading.remove(pass.scan.leader().reader());
      scans.releasePermission();
      notifyAll();
    }
  }

  /**
   * Whether the breaker lets something be asked now, or tried since the breaker has been open long
   * enough.
   */
  private boolean mayAsk() {
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
