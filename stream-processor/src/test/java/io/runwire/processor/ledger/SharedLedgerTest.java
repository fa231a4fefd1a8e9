package io.runwire.processor.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.processor.ledger.Ledger.ThreadRuns;
import io.runwire.topic.ThreadPartitioner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions 0 and 1 are here, 2 at one peer and 3 at another; a run in each. */
class SharedLedgerTest {
  private static final HostInfo SELF = new HostInfo("a", 1);
  private static final HostInfo NEXT = new HostInfo("b", 1);
  private static final HostInfo LAST = new HostInfo("c", 1);
  private static final RunFilter ALL = RunFilter.newest(10);
  private static final int MAY_WAIT = 2;

  private final Map<Integer, HostInfo> owner = new HashMap<>();
  private final Set<HostInfo> away = new HashSet<>();
  private final Set<HostInfo> mute = new HashSet<>();
  private boolean moving;
  private boolean hurried;

  private final SharedLedger ledger =
      new SharedLedger(4, OneProcessor::new, new Known(), new Answering(), MAY_WAIT);

  @BeforeEach
  void everybodyIsThere() {
    owner.putAll(Map.of(0, SELF, 1, SELF, 2, NEXT, 3, LAST));
  }

  @Test
  void hasTheNewestRunsOfAllProcessors() {
    assertThat(ledger.runs(RunFilter.newest(3)))
        .isEqualTo(new Runs(List.of(row(3), row(2), row(1)), false));
  }

  @Test
  void findsARunWhereverItIs() {
    for (int partition = 0; partition < 4; partition++) {
      assertThat(ledger.run("r" + partition)).hasValue(row(partition));
    }
    assertThat(ledger.run("nobodys")).isEmpty();
  }

  @Test
  void asksTheOwnerOfAThread() {
    for (int partition = 0; partition < 4; partition++) {
      ThreadRuns found = ledger.runsOf(threadOf(partition), ALL);
      assertThat(found.runs()).containsExactly(row(partition));
      assertThat(found.position().next()).isEqualTo(partition);
    }
  }

  @Test
  void saysThatAListIsPartialWhereAPeerIsAway() {
    away.add(LAST);
    assertThat(ledger.runs(ALL)).isEqualTo(new Runs(List.of(row(2), row(1), row(0)), true));
    owner.remove(2);
    moving = true;
    assertThatThrownBy(() -> ledger.runs(ALL)).isInstanceOf(LedgerUnavailableException.class);
  }

  @Test
  void saysThatAListIsPartialWhereAPeerHasNotLookedAtAll() {
    hurried = true;
    assertThat(ledger.runs(ALL).partial()).isTrue();
    assertThat(ledger.runs(ALL).runs()).hasSize(4);
  }

  @Test
  void doesNotSayThatARunIsUnknownWhileAPartIsMissing() {
    away.add(LAST);
    assertThat(ledger.run("r2")).hasValue(row(2));
    assertThatThrownBy(() -> ledger.run("r3"))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessage("no answer of partitions [3]");
  }

  @Test
  void doesNotWaitForAPeerThatIsMute() {
    mute.add(LAST);
    assertThat(ledger.runs(ALL).partial()).isTrue();
    assertThatThrownBy(() -> ledger.runsOf(threadOf(3), ALL))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(ledger.runsOf(threadOf(2), ALL).runs()).hasSize(1);
  }

  @Test
  void letsOnlySoManyQuestionsWait() {
    mute.add(LAST);
    List<CompletableFuture<Runs>> waiting =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> ledger.runs(RunFilter.newest(1))))
            .limit(MAY_WAIT + 3)
            .toList();
    long refused =
        waiting.stream().filter(one -> one.handle((runs, error) -> error != null).join()).count();
    assertThat(refused).isLessThanOrEqualTo(3);
    assertThat(ledger.runs(ALL).runs()).hasSize(3);
  }

  private static LedgerRow row(int partition) {
    return new LedgerRow(
        "r" + partition,
        threadOf(partition),
        1,
        RunStatus.RUNNING,
        1_000 + partition,
        null,
        1,
        null,
        null,
        partition,
        0,
        0,
        0,
        1,
        1_000 + partition,
        0,
        null);
  }

  private static String threadOf(int partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "t" + i)
        .filter(thread -> ThreadPartitioner.partition(thread, 4) == partition)
        .findFirst()
        .orElseThrow();
  }

  /** A processor's stores, one run in each partition. */
  private final class OneProcessor implements Ledger {
    private final Set<Integer> partitions;

    OneProcessor(Set<Integer> partitions) {
      if (moving) {
        throw new LedgerUnavailableException("moving", null);
      }
      this.partitions = partitions;
    }

    @Override
    public Optional<LedgerRow> run(String run) {
      return rows().filter(row -> row.run().equals(run)).findFirst();
    }

    @Override
    public Runs runs(RunFilter wanted) {
      return new Runs(rows().toList(), false);
    }

    @Override
    public ThreadRuns runsOf(String thread, RunFilter wanted) {
      int home = ThreadPartitioner.partition(thread, 4);
      assertThat(partitions).containsExactly(home);
      return new ThreadRuns(new LedgerPosition(home, -1), rows().toList());
    }

    private Stream<LedgerRow> rows() {
      return partitions.stream().map(SharedLedgerTest::row);
    }
  }

  private final class Known implements Owners {
    @Override
    public HostInfo self() {
      return SELF;
    }

    @Override
    public Optional<HostInfo> of(int partition) {
      return Optional.ofNullable(owner.get(partition));
    }
  }

  private final class Answering implements Peers {
    @Override
    public CompletableFuture<Optional<LedgerRow>> run(
        HostInfo peer, Set<Integer> partitions, String run) {
      return answer(peer, new OneProcessor(partitions).run(run));
    }

    @Override
    public CompletableFuture<Runs> runs(HostInfo peer, Set<Integer> partitions, RunFilter wanted) {
      return answer(peer, new Runs(new OneProcessor(partitions).rows().toList(), hurried));
    }

    @Override
    public CompletableFuture<ThreadRuns> runsOf(
        HostInfo peer, Set<Integer> partitions, String thread, RunFilter wanted) {
      return answer(peer, new OneProcessor(partitions).runsOf(thread, wanted));
    }

    private <T> CompletableFuture<T> answer(HostInfo peer, T answer) {
      if (mute.contains(peer)) {
        return new CompletableFuture<>();
      }
      return away.contains(peer)
          ? CompletableFuture.failedFuture(new java.net.ConnectException("refused"))
          : CompletableFuture.completedFuture(answer);
    }
  }
}
