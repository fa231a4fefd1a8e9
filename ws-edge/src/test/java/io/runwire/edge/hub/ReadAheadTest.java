package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What lagging subscriptions hold, all together. */
class ReadAheadTest {
  private final Bench bench = new Bench(2_000);
  private int readsBefore;

  @Test
  void aSocketThatDrainsGivesBackWhatWasReadForIt() {
    write(100);
    Client client = bench.connect().earliest("t");

    assertThat(reads()).as("it was behind the window").isPositive();
    assertThat(client.news()).hasSize(102).contains("event r/1/100", "live");
    assertThat(bench.budget.heldBytes()).isZero();
  }

  @Test
  void aSocketThatDoesNotDrainHoldsItsChunkAndGivesItBackWhenItIsGone() {
    write(100);
    Client client = bench.connect();
    client.outlet.stall();
    client.earliest("t");
    assertThat(bench.budget.heldBytes()).isPositive();

    client.connection.closed();
    bench.settle();

    assertThat(bench.budget.heldBytes()).isZero();
  }

  @Test
  void aChunkThatComesTooLateTakesNoRoom() {
    write(100);
    ManualExecutor answers = new ManualExecutor();
    Client client = bench.connect();
    bench.log.answerOn(answers);
    client.earliest("t");
    answers.runOne(); // where the log begins
    bench.settle();
    assertThat(bench.budget.heldBytes()).as("a chunk is being read").isPositive();

    client.connection.unsubscribe(2, "t");
    bench.settle();
    answers.runOne();
    bench.settle();

    assertThat(reads()).isEqualTo(1);
    assertThat(bench.budget.heldBytes()).isZero();
  }

  @Test
  void aReadThatFailsGivesBackTheRoomThatWasMadeForIt() {
    write(100);
    bench.log.historyAway(true);
    bench.connect().earliest("t");

    assertThat(reads()).isPositive();
    assertThat(bench.budget.heldBytes()).isZero();
  }

  @Test
  void nobodyIsRefusedButTheMoreIsHeldTheLessEachGets() {
    ReadBudget budget = new ReadBudget(8 << 20);
    List<Integer> granted = new ArrayList<>();
    IntStream.range(0, 1_000).forEach(reader -> granted.add(budget.reserve()));

    assertThat(granted.get(0)).isEqualTo(ReadBudget.MOST_BYTES);
    assertThat(granted.get(999)).isEqualTo(ReadBudget.LEAST_BYTES);
    assertThat(budget.heldBytes()).isLessThanOrEqualTo((8 << 20) + 1_000L * ReadBudget.LEAST_BYTES);
  }

  private void write(int events) {
    bench.connect().latest("t"); // somebody has the window open
    bench.log.run("t", "r").start().text(events - 1);
    bench.settle();
    readsBefore = bench.log.historyReads();
  }

  private int reads() {
    return bench.log.historyReads() - readsBefore;
  }
}
