package io.runwire.processor.ledger;

import io.runwire.topic.ThreadPartitioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The ledger as all processors together hold it: what is here is read, what is elsewhere is asked
 * for, all at once and within one deadline. Thread-safe.
 */
public final class SharedLedger implements Ledger {
  /** For all answers together. */
  static final Duration DEADLINE = Duration.ofSeconds(2);

  /** Newest first, as the index has them. */
  private static final Comparator<LedgerRow> NEWEST_FIRST =
      Comparator.comparingLong(LedgerRow::startedAt)
          .thenComparingLong(LedgerRow::firstOffset)
          .reversed();

  /**
   * What came of asking every owner.
   *
   * @param missing partitions of which there is no answer
   */
  private record Answers<T>(List<T> answers, Set<Integer> missing) {}

  private final int partitions;
  private final Function<Set<Integer>, Ledger> here;
  private final Owners owners;
  private final Peers peers;
  private final Semaphore waiting;

  /**
   * @param partitions of the log
   * @param here the ledger of those partitions, out of the stores of this process
   * @param atMostWaiting questions that may wait for other processors; with more it is unavailable
   */
  public SharedLedger(
      int partitions,
      Function<Set<Integer>, Ledger> here,
      Owners owners,
      Peers peers,
      int atMostWaiting) {
    this.partitions = partitions;
    this.here = here;
    this.owners = owners;
    this.peers = peers;
    this.waiting = new Semaphore(atMostWaiting);
  }

  /** Asks every owner: only the thread's id, not the run's, would tell which. */
  @Override
  public Optional<LedgerRow> run(String run) {
    Answers<Optional<LedgerRow>> found =
        ask(ledger -> ledger.run(run), (peer, theirs) -> peers.run(peer, theirs, run));
    Optional<LedgerRow> newest =
        found.answers().stream().flatMap(Optional::stream).min(NEWEST_FIRST);
    if (newest.isEmpty() && !found.missing().isEmpty()) {
      throw unavailable(found.missing()); // it may be there
    }
    return newest;
  }

  @Override
  public Runs runs(RunFilter wanted) {
    Answers<Runs> found =
        ask(ledger -> ledger.runs(wanted), (peer, theirs) -> peers.runs(peer, theirs, wanted));
    if (found.answers().isEmpty()) {
      throw unavailable(found.missing());
    }
    List<LedgerRow> newest =
        found.answers().stream()
            .flatMap(answer -> answer.runs().stream())
            .sorted(NEWEST_FIRST)
            .limit(wanted.limit())
            .toList();
    return new Runs(
        newest, !found.missing().isEmpty() || found.answers().stream().anyMatch(Runs::partial));
  }

  @Override
  public ThreadRuns runsOf(String thread, RunFilter wanted) {
    int home = ThreadPartitioner.partition(thread, partitions);
    HostInfo owner = owners.of(home).orElseThrow(() -> unavailable(Set.of(home)));
    if (owner.equals(owners.self())) {
      return here.apply(Set.of(home)).runsOf(thread, wanted);
    }
    return await(
            Map.of(owner, Set.of(home)),
            (peer, theirs) -> peers.runsOf(peer, theirs, thread, wanted))
        .answers()
        .stream()
        .findFirst()
        .orElseThrow(() -> unavailable(Set.of(home)));
  }

  private <T> Answers<T> ask(
      Function<Ledger, T> question,
      BiFunction<HostInfo, Set<Integer>, CompletableFuture<T>> elsewhere) {
    Map<HostInfo, Set<Integer>> theirs = new LinkedHashMap<>();
    Set<Integer> missing = new TreeSet<>();
    for (int partition = 0; partition < partitions; partition++) {
      int one = partition;
      owners
          .of(one)
          .ifPresentOrElse(
              owner -> theirs.computeIfAbsent(owner, o -> new TreeSet<>()).add(one),
              () -> missing.add(one));
    }
    Set<Integer> ours = theirs.remove(owners.self());
    Answers<T> far =
        theirs.isEmpty() ? new Answers<>(List.of(), Set.of()) : await(theirs, elsewhere);
    List<T> answers = new ArrayList<>(far.answers());
    missing.addAll(far.missing());
    if (ours != null) {
      try {
        answers.add(question.apply(here.apply(ours)));
      } catch (LedgerUnavailableException moving) {
        missing.addAll(ours);
      }
    }
    return new Answers<>(answers, missing);
  }

  private <T> Answers<T> await(
      Map<HostInfo, Set<Integer>> theirs,
      BiFunction<HostInfo, Set<Integer>, CompletableFuture<T>> question) {
    if (!waiting.tryAcquire()) {
      throw new LedgerUnavailableException("too many questions wait for other processors", null);
    }
    try {
      Map<CompletableFuture<T>, Set<Integer>> asked = new HashMap<>();
      theirs.forEach((peer, set) -> asked.put(question.apply(peer, set), set));
      return collect(asked);
    } finally {
      waiting.release();
    }
  }

  private static <T> Answers<T> collect(Map<CompletableFuture<T>, Set<Integer>> asked) {
    long deadlineNs = System.nanoTime() + DEADLINE.toNanos();
    List<T> answers = new ArrayList<>();
    Set<Integer> missing = new TreeSet<>();
    asked.forEach(
        (answer, set) -> {
          try {
            long leftNs = Math.max(0, deadlineNs - System.nanoTime());
            answers.add(answer.get(leftNs, TimeUnit.NANOSECONDS));
          } catch (ExecutionException | TimeoutException noAnswer) {
            answer.cancel(true);
            missing.addAll(set);
          } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            missing.addAll(set);
          }
        });
    return new Answers<>(answers, missing);
  }

  private static LedgerUnavailableException unavailable(Set<Integer> partitions) {
    return new LedgerUnavailableException("no answer of partitions " + partitions, null);
  }
}
