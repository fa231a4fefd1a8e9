package io.runwire.fold;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.fold.MessyLog.Event;
import io.runwire.fold.MessyLog.Happening;
import io.runwire.fold.MessyLog.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Exactly once, out of whatever at-least-once can leave in a log.
 *
 * <p>Valid: {@code 1 2 3 2 3 4}, read as {@code 1 2 3 4}. Invalid, and not what a producer that
 * keeps the contract leaves: {@code 1 3 2 4}, where 3 does not follow once more behind 2.
 */
class FoldPropertyTest {
  private static final int RUNS = 4;

  /**
   * Repetitions keep their source offset: a router caused them. Those of producers it rejects, as
   * long as its store is sound; a reader that knows nothing of a run could not tell them from news.
   */
  private static final Set<Happening> ORDERLY_AGENTS =
      EnumSet.of(
          Happening.EVENT,
          Happening.ATTEMPT_FAILS,
          Happening.RESTART,
          Happening.END,
          Happening.CRASH_REPLAY,
          Happening.ZOMBIE_ROUTER);

  /**
   * A client says which attempt and seq it has of a run, not that the attempt has ended; so this,
   * too, is left to the router to reject.
   */
  private static final Set<Happening> ATTEMPTS_THAT_END =
      EnumSet.complementOf(EnumSet.of(Happening.ATTEMPT_GOES_ON_AFTER_ITS_END));

  @Property
  void aReaderFromTheStartSeesExactlyWhatWasIntended(@ForAll("anyLog") MessyLog log) {
    assertThat(read(log.records(), fromTheStart())).isEqualTo(log.intended());
  }

  @Property
  void everyRunHasExactlyOneFinalTerminalEventAndItIsTheLast(@ForAll("anyLog") MessyLog log) {
    List<Event> seen = read(log.records(), fromTheStart());

    assertThat(seen.stream().collect(groupingBy(Event::run)).values())
        .allSatisfy(
            run -> {
              assertThat(run).filteredOn(Event::ends).hasSize(1);
              assertThat(run.get(run.size() - 1)).matches(Event::ends);
            });
  }

  @Property
  void aReaderThatJoinsAnywhereSeesExactlyWhatLiesBehindItsCursor(
      @ForAll("logOfOrderlyAgents") MessyLog log) {
    List<Envelope> records = log.records();
    Fold reader = fromTheStart();
    List<Event> before = new ArrayList<>();
    long floor = Fold.NO_FLOOR;
    for (int at = 0; at <= records.size(); at++) {
      List<Event> behind =
          read(records.subList(at, records.size()), new Fold(Fold.DEFAULT_CAPACITY, floor));
      List<Event> all = new ArrayList<>(before);
      all.addAll(behind);
      assertThat(all).as("joined at %d", at).isEqualTo(log.intended());

      if (at < records.size()) {
        before.addAll(read(records.subList(at, at + 1), reader));
        floor = Math.max(floor, MessyLog.source(records.get(at)));
      }
    }
  }

  /** As the SDK and an edge do it: both fold, and the client says which runs it has. */
  @Property
  void aClientThatReconnectsAnywhereSeesExactlyWhatWasIntended(
      @ForAll("logOfAttemptsThatEnd") MessyLog log,
      @ForAll @Size(max = 8) List<@IntRange(min = 1, max = 12) Integer> connections) {
    Fold client = fromTheStart();
    List<Event> seen = new ArrayList<>();
    int at = 0;
    long floor = Fold.NO_FLOOR;
    for (int connection = 0; connection <= connections.size(); connection++) {
      Fold edge = new Fold(Fold.DEFAULT_CAPACITY, floor);
      for (String run : log.runs()) {
        client
            .position(run)
            .ifPresent(has -> edge.know(run, RunPosition.at(has.attempt(), has.seq())));
      }
      int breaksAt =
          connection < connections.size()
              ? Math.min(at + connections.get(connection), log.records().size())
              : log.records().size();
      for (; at < breaksAt; at++) {
        Envelope record = log.records().get(at);
        floor = Math.max(floor, MessyLog.source(record));
        if (edge.apply(record) == Verdict.PASS) {
          seen.addAll(read(List.of(asFramed(record)), client));
        }
      }
    }

    assertThat(seen).isEqualTo(log.intended());
  }

  @Property
  void aReaderThatForgetsRunsStillSeesExactlyWhatWasIntended(
      @ForAll("logOfOrderlyAgents") MessyLog log,
      @ForAll @IntRange(min = 1, max = RUNS) int capacity) {
    assertThat(read(log.records(), new Fold(capacity, Fold.NO_FLOOR))).isEqualTo(log.intended());
  }

  @Property
  void whatWasReadIsNotReadAgain(@ForAll("anyLog") MessyLog log) {
    Fold reader = fromTheStart();
    read(log.records(), reader);

    assertThat(read(log.records(), reader)).isEmpty();
  }

  @Provide
  Arbitrary<MessyLog> anyLog() {
    return logOf(EnumSet.allOf(Happening.class));
  }

  @Provide
  Arbitrary<MessyLog> logOfOrderlyAgents() {
    return logOf(ORDERLY_AGENTS);
  }

  @Provide
  Arbitrary<MessyLog> logOfAttemptsThatEnd() {
    return logOf(ATTEMPTS_THAT_END);
  }

  private static Arbitrary<MessyLog> logOf(Set<Happening> happenings) {
    return Combinators.combine(
            Arbitraries.of(happenings),
            Arbitraries.integers().between(1, RUNS),
            Arbitraries.integers().between(0, 12))
        .as(Step::new)
        .list()
        .ofMaxSize(50)
        .map(MessyLog::of);
  }

  private static Fold fromTheStart() {
    return new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
  }

  private static List<Event> read(List<Envelope> records, Fold fold) {
    List<Event> passed = new ArrayList<>();
    for (Envelope record : records) {
      if (fold.apply(record) == Verdict.PASS) {
        passed.add(Event.of(record));
      }
    }
    return passed;
  }

  /** The record without its source offset, which no frame carries. */
  private static Envelope asFramed(Envelope record) {
    return new Envelope(
        record.thread(),
        record.run(),
        record.attempt(),
        record.seq(),
        record.type(),
        record.ends(),
        record.timeout(),
        record.origin(),
        Optional.empty());
  }
}
