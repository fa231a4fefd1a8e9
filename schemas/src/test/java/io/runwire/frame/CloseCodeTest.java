package io.runwire.frame;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseCodeTest {
  /** RFC 6455, 7.4.1: the first three are never sent, the last is for TLS. */
  private static final Set<Integer> NEVER_SENT = Set.of(1004, 1005, 1006, 1015);

  @ParameterizedTest
  @EnumSource
  void givesAReasonOfAtMost32AsciiBytes(CloseCode close) {
    assertThat(close.reason()).isNotBlank().matches("[\\x20-\\x7e]{1,32}");
    assertThat(close.reason().getBytes(US_ASCII)).hasSizeLessThanOrEqualTo(32);
  }

  @ParameterizedTest
  @EnumSource
  void tellsByItsRangeWhetherToReconnect(CloseCode close) {
    if (close.code() >= 4000) {
      assertThat(close.code()).isBetween(4000, 4999);
      assertThat(close.reconnect()).isEqualTo(close.code() < 4500);
    } else {
      assertThat(close.code()).isBetween(1000, 1015).isNotIn(NEVER_SENT);
    }
  }

  @Test
  void ofTheStandardCodesOnlyTheClientsOwnMistakesForbidToReconnect() {
    assertThat(CloseCode.values())
        .filteredOn(close -> close.code() < 4000 && !close.reconnect())
        .extracting(CloseCode::code)
        .containsExactly(1002, 1003, 1007, 1008, 1009);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsCode(CloseCode close) {
    assertThat(CloseCode.of(close.code())).contains(close);
    assertThat(CloseCode.of(close.code() + 10_000)).isEmpty();
  }

  @Test
  void noTwoShareACode() {
    assertThat(CloseCode.values()).extracting(CloseCode::code).doesNotHaveDuplicates();
  }
}
