package io.runwire.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.deploy.replay.EvidenceLog.Delivered;
import io.runwire.deploy.replay.EvidenceLog.Failure;
import io.runwire.deploy.replay.EvidenceLog.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Evidence finds its event, in bounded memory. */
class DeliveriesTest {
  private static final LogIdentity LOG = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 8);
  private static final long START_MS = 1_772_366_400_000L;
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final ScriptedEvidence log = new ScriptedEvidence();

  /** An event a second, so that the time of offset n is known. */
  private static long timeOf(long offset) {
    return START_MS + offset * 1_000;
  }

  @Test
  void eachEventHasItsOwn() throws Exception {
    log.report(timeOf(3), delivered(1, "a"), delivered(2, "a"));
    log.report(timeOf(4), delivered(2, "b"));
    Deliveries deliveries = new Deliveries(log, WITHIN, 100);

    assertThat(shownTo(deliveries, 1)).containsExactly("a");
    assertThat(shownTo(deliveries, 2)).containsExactly("a", "b");
    assertThat(shownTo(deliveries, 3)).isEmpty();
    assertThat(log.seeks).isEqualTo(1);
  }

  @Test
  void aReaderThatComesLateIsFoundWithinTheTimeAndNotBeyond() throws Exception {
    log.report(timeOf(1) + WITHIN.toMillis(), delivered(1, "late"));
    log.report(timeOf(1) + WITHIN.toMillis() + 1, delivered(1, "later"), delivered(2, "later"));
    Deliveries deliveries = new Deliveries(log, WITHIN, 100);

    assertThat(shownTo(deliveries, 1)).containsExactly("late");
    assertThat(shownTo(deliveries, 2)).containsExactly("later");
  }

  @Test
  void whatIsTooMuchIsReadOnceMoreAndNothingIsMissed() throws Exception {
    int events = 1_000;
    int most = 64;
    for (long offset = 0; offset < events; offset += 10) {
      Delivered[] tenOfThree =
          LongStream.range(offset, offset + 10)
              .boxed()
              .flatMap(each -> List.of("a", "b", "c").stream().map(to -> delivered(each, to)))
              .toArray(Delivered[]::new);
      log.report(timeOf(offset + 10), tenOfThree);
    }
    Deliveries deliveries = new Deliveries(log, Duration.ofDays(1), most);

    for (long offset = 0; offset < events; offset++) {
      assertThat(shownTo(deliveries, offset))
          .as("offset %d", offset)
          .containsExactly("a", "b", "c");
    }
    assertThat(log.seeks).isBetween(events * 3 / most, 2 * events * 3 / most);
  }

  @Test
  void aFailureIsToldOnceWithTheFirstEventThatItConcerns() throws Exception {
    for (int i = 0; i < 20; i++) {
      log.report(timeOf(i), delivered(i, "a"), delivered(i, "b"));
    }
    log.failure(timeOf(6), 5, "given up");
    log.failure(timeOf(6), 0, "gone before");
    Deliveries deliveries = new Deliveries(log, Duration.ofDays(1), 4);

    List<String> told = new ArrayList<>();
    for (long offset : new long[] {1, 2, 7, 12, 19}) { // what lies between is of other runs
      deliveries.of(behind(offset), "t", timeOf(Math.min(offset, 6))).givenUp().stream()
          .map(each -> each.connection() + " at " + offset)
          .forEach(told::add);
    }

    assertThat(told).containsExactly("gone before at 1", "given up at 7");
    assertThat(log.seeks).isGreaterThan(1);
  }

  @Test
  void aConnectionThatWasGoneBeforeTheEventIsNotTold() throws Exception {
    log.failure(timeOf(3), 1, "gone");
    Deliveries deliveries = new Deliveries(log, WITHIN, 100);

    assertThat(deliveries.of(behind(9), "t", timeOf(9)).givenUp()).isEmpty();
  }

  private static List<String> shownTo(Deliveries deliveries, long offset) throws Exception {
    return deliveries.of(behind(offset), "t", timeOf(offset)).deliveries().stream()
        .map(Delivery::connection)
        .toList();
  }

  private static Cursor behind(long offset) {
    return new Cursor(LOG, 3, offset + 1, 0, offset, Cursor.hash("t"));
  }

  private static Delivered delivered(long offset, String connection) {
    return new Delivered(
        offset, new Delivery(connection, Optional.empty(), timeOf(offset), OptionalLong.of(1)));
  }

  /** Reports that a test wrote. */
  private static final class ScriptedEvidence implements EvidenceLog {
    private record At(long timeMs, Report report) {}

    private final List<At> reports = new ArrayList<>();
    private int next;
    int seeks;

    void report(long timeMs, Delivered... events) {
      reports.add(new At(timeMs, new Report(reports.size(), List.of(events), Optional.empty())));
    }

    void failure(long timeMs, long from, String connection) {
      GivenUp givenUp = new GivenUp(connection, Optional.empty(), timeMs, "WRITE", 3, 4008);
      reports.add(
          new At(
              timeMs,
              new Report(reports.size(), List.of(), Optional.of(new Failure(from, givenUp)))));
    }

    @Override
    public void seek(Cursor at, String thread, long timeMs) {
      seeks++;
      next = 0;
      while (next < reports.size() && reports.get(next).timeMs() < timeMs) {
        next++;
      }
    }

    @Override
    public Optional<Report> next(long untilMs) {
      return next < reports.size() && reports.get(next).timeMs() <= untilMs
          ? Optional.of(reports.get(next++).report())
          : Optional.empty();
    }
  }
}
