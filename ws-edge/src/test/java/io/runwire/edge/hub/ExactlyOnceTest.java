package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.settings.RetrySettings;
import io.runwire.event.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens, and in whatever order: every reader sees each event of its thread exactly once,
 * in the order of the log. Each seed is one history of agents at work, a router that crashes and
 * repeats itself, windows that forget, sockets that stall and break, and a log that goes away.
 */
class ExactlyOnceTest {
  private static final int FIXED_SEEDS = 100;
  private static final int FRESH_SEEDS = 20;
  private static final int STEPS = 600;
  private static final int WINDOW_BYTES = 8_000; // some dozen records

  /** As by default, but for an ack window that is full after a few events. */
  private static final RetrySettings SMALL_ACK_WINDOW =
      new RetrySettings(
          Bench.RETRIES.deadline(),
          Bench.RETRIES.retries(),
          Bench.RETRIES.backoff(),
          Bench.RETRIES.minBytesPerSecond(),
          7,
          2_000);

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.rangeClosed(1, FIXED_SEEDS), new Random().longs(FRESH_SEEDS));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyReaderSeesEachEventOnceAndInOrder(long seed) {
    Random random = new Random(seed);
    History history = new History(random);
    for (int step = 0; step < STEPS; step++) {
      history.step();
    }
    history.heal();

    for (Reader reader : history.readers) {
      assertThat(reader.seen())
          .as("seed %d, %s", seed, reader)
          .isEqualTo(
              history.bench.log.submitted(reader.thread()).stream()
                  .filter(event -> event.src().orElseThrow().offset() > reader.floor())
                  .map(ExactlyOnceTest::name)
                  .toList());
    }
    assertThat(history.bench.metrics.gaps).as("seed %d", seed).isEmpty();
  }

  static String name(Envelope event) {
    return event.run() + "/" + event.attempt() + "/" + event.seq();
  }

  /** One history. */
  private static final class History {
    final Bench bench = new Bench(WINDOW_BYTES, SMALL_ACK_WINDOW);
    final List<Reader> readers = new ArrayList<>();
    private final Random random;
    private final List<String> threads = List.of("t", bench.log.neighbourOf("t"), "u");
    private final ManualExecutor answers = new ManualExecutor();
    private final List<AgentScript> agents = new ArrayList<>();
    private int runs;

    History(Random random) {
      this.random = random;
      bench.log.answerOn(answers);
      for (String thread : threads) {
        Stream.of(new Start.Earliest(), new Start.Latest())
            .forEach(
                start -> {
                  readers.add(new Reader(bench, thread, start, true, false));
                  readers.add(new Reader(bench, thread, start, false, false));
                  readers.add(new Reader(bench, thread, start, true, true));
                });
      }
    }

    void step() {
      switch (random.nextInt(28)) {
        case 0, 1, 2, 3, 4, 5, 6, 7 -> agentWrites();
        case 8, 9 -> times(20, bench.executor::runOne);
        case 10 -> times(4, answers::runOne);
        case 11, 12 -> anyone().client().outlet.drain();
        case 13 -> anyone().client().outlet.stall();
        case 14 -> anyone().client().outlet.flow();
        case 15 -> anyone().loseConnection(random);
        case 16, 17 -> anyone().connectUnlessConnected();
        case 18 -> bench.log.replayLast(random.nextInt(4), 1 + random.nextInt(10));
        case 19 -> flip(bench.log::holdRouter, bench.log::releaseRouter);
        case 20 -> flip(bench.log::holdTail, bench.log::releaseTail);
        case 21 -> flip(() -> bench.log.away(true), () -> bench.log.away(false));
        case 22 -> bench.pass(Duration.ofMillis(random.nextInt(6_000)));
        case 23, 24 -> anyone().acknowledge();
        case 25 -> bench.pass(Duration.ofMillis(random.nextInt(1_500)));
        case 26 -> anyone().loseWhatArrives();
        default -> {
          bench.log.reopen(random.nextInt(4));
          bench.log.recordsPerChunk(1 + random.nextInt(20));
        }
      }
      readers.forEach(Reader::look);
    }

    /** Everything works again, and every reader comes back. */
    void heal() {
      bench.log.away(false);
      bench.log.releaseRouter();
      bench.log.releaseTail();
      for (int round = 0; round < 200; round++) {
        readers.forEach(Reader::connectUnlessConnected);
        readers.forEach(reader -> reader.client().outlet.flow());
        do {
          bench.settle();
        } while (answers.runOne());
        readers.forEach(Reader::look);
        readers.forEach(Reader::acknowledge);
        bench.pass(Duration.ofMillis(500));
        readers.forEach(Reader::look);
      }
      readers.forEach(Reader::look);
    }

    private void agentWrites() {
      if (agents.size() < 5 && random.nextInt(4) == 0) {
        String thread = threads.get(random.nextInt(threads.size()));
        agents.add(bench.log.run(thread, "r" + runs++).start());
      } else if (!agents.isEmpty()) {
        AgentScript agent = agents.get(random.nextInt(agents.size()));
        switch (random.nextInt(8)) {
          case 0 -> {
            agent.finish();
            agents.remove(agent);
          }
          case 1 -> agent.retry();
          default -> agent.text(1 + random.nextInt(4));
        }
      }
    }

    private Reader anyone() {
      return readers.get(random.nextInt(readers.size()));
    }

    private void times(int most, Runnable action) {
      IntStream.range(0, 1 + random.nextInt(most)).forEach(i -> action.run());
    }

    private void flip(Runnable on, Runnable off) {
      (random.nextInt(3) == 0 ? on : off).run();
    }
  }
}
