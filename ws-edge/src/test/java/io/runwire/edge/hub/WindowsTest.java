package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.hub.Window.Behind;
import io.runwire.edge.hub.Window.CaughtUp;
import io.runwire.edge.hub.Window.Found;
import io.runwire.edge.hub.Window.Stale;
import io.runwire.edge.time.ManualClock;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The recent records of all partitions under one budget. */
class WindowsTest {
  private static final int BUDGET = 10_000;

  private final FakeLog log = new FakeLog(new ManualClock(), 4, BUDGET);
  private final Windows windows = log.windows();
  private final String inOne = threadIn(1);
  private final String inTwo = threadIn(2);

  @Test
  void keepWithinTheirBudgetByDroppingWhatArrivedFirstWhateverItsPartition() {
    log.attach(1);
    log.attach(2);
    log.run(inOne, "a").start();
    long ofOne = windows.bytes();
    log.run(inTwo, "b").start().text(1_000);

    assertThat(windows.bytes()).isBetween(BUDGET / 2L, (long) BUDGET);
    assertThat(windows.window(1).size()).isZero();
    assertThat(windows.window(2).size()).isBetween(5, 20);
    assertThat(ofOne).isPositive();
    assertThat(windows.window(1).next(inOne, 0, windows.window(1).generation()))
        .isEqualTo(new Behind(1));
  }

  @Test
  void giveBackTheBytesOfAWindowThatIsClosed() {
    log.attach(1);
    log.run(inOne, "a").start().text(3);

    log.detach(1);

    assertThat(windows.bytes()).isZero();
    assertThat(windows.window(1).isOpen()).isFalse();
    log.attach(2);
    log.run(inTwo, "b").start().text(1_000);
    assertThat(windows.bytes()).isPositive().isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void dropARecordThatIsLargerThanTheBudget() {
    log.attach(1);

    log.run(inOne, "a").content("x".repeat(2 * BUDGET));

    assertThat(windows.bytes()).isZero();
    assertThat(windows.window(1).start()).isEqualTo(1);
    assertThat(windows.window(1).next(inOne, 1, windows.window(1).generation()))
        .isInstanceOf(CaughtUp.class);
  }

  @Test
  void findTheNextRecordOfAThreadAmongOthers() {
    log.attach(1);
    log.run(inOne, "a").start();
    log.run(log.neighbourOf(inOne), "n").start().text(3);
    log.run(inOne, "b").start();
    Window window = windows.window(1);

    assertThat(window.next(inOne, 1, window.generation()))
        .isInstanceOfSatisfying(
            Found.class, found -> assertThat(found.entry().offset()).isEqualTo(5));
    assertThat(window.next(inOne, 6, window.generation()))
        .isInstanceOfSatisfying(CaughtUp.class, at -> assertThat(at.end()).isEqualTo(6));
  }

  @Test
  void knowTheEpochOfTheirEndThoughItsRecordWasNotKept() {
    log.attach(1);
    log.run(inOne, "a").start();
    assertThat(windows.window(1).next(inOne, 1, windows.window(1).generation()))
        .isEqualTo(new CaughtUp(1, 0, 0));

    windows.append(1, List.of(), 3, 5);

    assertThat(windows.window(1).next(inOne, 1, windows.window(1).generation()))
        .isEqualTo(new CaughtUp(3, 5, 0));
  }

  @Test
  void areStaleForAPositionOfAnEarlierOpening() {
    log.attach(1);
    long before = windows.window(1).generation();

    log.reopen(1);

    assertThat(windows.window(1).next(inOne, 0, before)).isInstanceOf(Stale.class);
  }

  @Test
  void tellWhoListensOfEveryStep() {
    int[] steps = new int[1];
    windows.onAdvance(partition -> steps[0] += partition);

    log.attach(1);
    log.run(inOne, "a").start();
    log.detach(1);

    assertThat(steps[0]).isEqualTo(3);
  }

  private String threadIn(int partition) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "thread-" + i)
        .filter(name -> log.partitionOf(name) == partition)
        .findFirst()
        .orElseThrow();
  }
}
