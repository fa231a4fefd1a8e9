package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.LogSource.Bounds;
import io.runwire.edge.hub.LogSource.Expired;
import io.runwire.edge.hub.LogSource.Standing;
import io.runwire.edge.hub.LogSource.Truncated;
import io.runwire.edge.hub.LogSource.Within;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.Test;

/** A position is known by the epoch of the record before it. */
class PositionsTest {
  private final MockLog log = new MockLog();
  private final Consumer<byte[], byte[]> consumer = log.consumer().kafka();
  private final Positions positions = new Positions(Duration.ofSeconds(20), System::nanoTime);

  @Test
  void theEndIsToldWithTheEpochOfTheLastRecord() {
    log.append(5, 2);
    log.append(3, 4);

    assertThat(positions.bounds(consumer, MockLog.PARTITION)).isEqualTo(new Bounds(0, 8, 4, 8));
  }

  @Test
  void theEndOfALogThatHoldsNothingHasNoEpoch() {
    assertThat(positions.bounds(consumer, MockLog.PARTITION))
        .isEqualTo(new Bounds(0, 0, Cursor.NO_EPOCH, 0));
    log.append(5, 2);
    log.expire(5);

    assertThat(positions.bounds(consumer, MockLog.PARTITION))
        .isEqualTo(new Bounds(5, 5, Cursor.NO_EPOCH, 5));
  }

  @Test
  void aPositionWithoutAnEpochGetsTheOneOfTheRecordBeforeIt() {
    log.append(5, 2);
    log.append(3, 4);

    assertThat(standing(5, Cursor.NO_EPOCH)).contains(new Within(2));
    assertThat(standing(6, Cursor.NO_EPOCH)).contains(new Within(4));
    assertThat(standing(0, Cursor.NO_EPOCH)).contains(new Within(Cursor.NO_EPOCH));
  }

  @Test
  void aPositionBeforeTheStartExpired() {
    log.append(5, 2);
    log.expire(3);

    assertThat(standing(2, 2)).contains(new Expired(3));
    assertThat(standing(3, 2)).contains(new Within(Cursor.NO_EPOCH));
  }

  @Test
  void whereTheLogWasCutAndGrewOverAgainItDivergesAtTheFirstRecordOfALaterEpoch() {
    log.append(4, 1);
    log.append(6, 2);
    log.cut(5);
    log.append(9, 3);

    assertThat(standing(10, 2)).contains(new Truncated(5, 2));
  }

  @Test
  void whereTheWholeEpochWasCutItDivergesBehindTheOneBefore() {
    log.append(4, 1);
    log.append(6, 2);
    log.cut(4);
    log.append(9, 3);

    assertThat(standing(10, 2)).contains(new Truncated(4, 1));
  }

  @Test
  void aPositionPastTheEndIsWaitedForAndThenTruncatedWhereTheLogEnds() {
    log.append(4, 1);

    assertThat(standing(6, 1)).isEmpty();
    assertThat(impatient(6, 1)).contains(new Truncated(4, 1));
    assertThat(impatient(6, Cursor.NO_EPOCH)).contains(new Truncated(4, 1));
  }

  @Test
  void aPositionInALogThatWasRestoredFromOlderDaysIsNotTakenForTheSame() {
    log.append(10, 3);

    assertThat(standing(10, 5)).contains(new Truncated(10, 3));
  }

  private Optional<Standing> standing(long offset, int epoch) {
    return positions.standing(
        consumer, MockLog.PARTITION, offset, epoch, OptionalLong.empty(), true);
  }

  private Optional<Standing> impatient(long offset, int epoch) {
    return positions.standing(
        consumer, MockLog.PARTITION, offset, epoch, OptionalLong.empty(), false);
  }
}
