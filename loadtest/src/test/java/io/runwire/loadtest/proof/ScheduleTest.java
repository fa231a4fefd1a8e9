package io.runwire.loadtest.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.fault.Catalogue;
import io.runwire.loadtest.fault.Fault;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final List<Fault> FAULTS =
      Stream.of(28, 1, 5, 12, 26).map(Catalogue::fault).toList();

  @Test
  void isTheSameForTheSameSeedAndAnotherForAnother() {
    assertThat(Schedule.round(FAULTS, new Random(7)))
        .isEqualTo(Schedule.round(FAULTS, new Random(7)))
        .isNotEqualTo(Schedule.round(FAULTS, new Random(8)));
  }

  @Test
  void hasEachFaultOnceAndThoseThatLoseRecordsLast() {
    List<Fault> order =
        Schedule.round(FAULTS, new Random(7)).stream().map(Schedule.Step::fault).toList();
    assertThat(order).containsExactlyInAnyOrderElementsOf(FAULTS);
    assertThat(order.get(4).number()).isEqualTo(28);
  }
}
