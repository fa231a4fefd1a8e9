package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.hub.HistoryRead;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whose turn it is. */
class CatchUpQueueTest {
  private final CatchUpQueue queue = new CatchUpQueue(100);

  @Test
  void readersTakeTurnsHoweverManyReadsOneOfThemHas() {
    IntStream.range(0, 10).forEach(i -> offer("greedy", i, 0, i));
    offer("modest", 20, 0, 50);
    offer("late", 21, 0, 60);

    assertThat(turns(5)).containsExactly("greedy", "modest", "late", "greedy", "greedy");
  }

  @Test
  void aReaderWhoMayNotGoNowIsPassedOverAndKeepsItsPlace() {
    offer("busy", 1, 0, 0);
    offer("free", 2, 0, 1);

    List<CatchUp> first = queue.poll(catchUp -> !catchUp.reader().equals("busy"));

    assertThat(first).extracting(CatchUp::reader).containsExactly("free");
    assertThat(turns(1)).containsExactly("busy");
  }

  @Test
  void anotherReadOfTheSameReaderMayGoWhereItsFirstMayNot() {
    offer("reader", 1, 0, 0);
    offer("reader", 2, 0, 1);

    assertThat(queue.poll(catchUp -> catchUp.partition() != 1))
        .extracting(CatchUp::partition)
        .containsExactly(2);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void whoStandsAtOrAheadOfAScanGetsAboardAndWhoIsBehindWaits() {
    offer("behind", 1, 99, 0);
    offer("at", 1, 100, 1);
    offer("ahead", 1, 900, 2);
    offer("elsewhere", 2, 100, 3);

    assertThat(queue.hindmost(1)).hasValue(99);
    assertThat(queue.board(1, 100)).extracting(CatchUp::reader).containsExactly("at", "ahead");
    assertThat(queue.size()).isEqualTo(2);
    assertThat(turns(2)).containsExactly("behind", "elsewhere");
  }

  @Test
  void aFullQueueTakesNoneButThoseWhoWereHereBefore() {
    IntStream.range(0, 100).forEach(i -> offer("r" + i, i, 0, i));
    CatchUp tooMany = catchUp("r", 1, 0, 200);

    assertThat(queue.offer(tooMany)).isFalse();

    queue.putBack(tooMany);
    assertThat(queue.size()).isEqualTo(101);
  }

  @Test
  void whoHasWaitedTooLongIsTakenOut() {
    offer("early", 1, 0, 10);
    offer("late", 1, 0, 20);

    assertThat(queue.askedBefore(20)).extracting(CatchUp::reader).containsExactly("early");
    assertThat(queue.size()).isEqualTo(1);
  }

  private List<String> turns(int count) {
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queue.poll(catchUp -> true).forEach(catchUp -> turns.add(catchUp.reader()));
    }
    return turns;
  }

  private void offer(String reader, int partition, long from, long askedNs) {
    assertThat(queue.offer(catchUp(reader, partition, from, askedNs))).isTrue();
  }

  private static CatchUp catchUp(String reader, int partition, long from, long askedNs) {
    return new CatchUp(new HistoryRead(reader, partition, "t", from, 1_000, 1_000), askedNs);
  }
}
