package io.runwire.processor.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerPositionTest {
  @Test
  void keepsTheHighestSourceOffsetOfWhatWasRead() {
    LedgerPosition position =
        LedgerPosition.START.behind(0, 7).behind(1, 5).behind(2, -1).behind(5, 6);
    assertThat(position).isEqualTo(new LedgerPosition(6, 7));
  }

  @Test
  void takesTheFloorBackWithTheReading() {
    LedgerPosition ahead = LedgerPosition.START.behind(0, 7).behind(1, 8).behind(2, 9);
    LedgerPosition turnedBack = ahead.behind(0, 7);
    assertThat(turnedBack).isEqualTo(new LedgerPosition(1, 7));
    assertThat(turnedBack.behind(1, 8).behind(2, 9)).isEqualTo(ahead);
  }
}
