package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventHeadTest {
  @Test
  void readsTheHeadAndKeepsTheAgentsBytes() {
    String event = "{\"type\":\"CUSTOM\", \"x\":{\"a\":1.50,\"event\":\"ä🛰\\\"}\"}}";
    EventHead head =
        read("{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":2,\"seq\":12,"
                + "\"cursor\":\"c-1\",\"ts\":1764000000000,\"event\":"
                + event
                + "}")
            .orElseThrow();
    assertThat(head.thread()).isEqualTo("t");
    assertThat(head.run()).isEqualTo("r");
    assertThat(head.attempt()).isEqualTo(2);
    assertThat(head.seq()).isEqualTo(12);
    assertThat(head.cursor()).isEqualTo("c-1");
    assertThat(head.terminal()).isFalse();
    assertThat(head.ends()).isFalse();
    assertThat(head.redelivery()).isFalse();
    assertThat(new String(head.event(), StandardCharsets.UTF_8)).isEqualTo(event);
  }

  @Test
  void readsFieldsInAnyOrderAndOnesThatItDoesNotKnow() {
    EventHead head =
        read("{\"later\":\"x\",\"seq\":9007199254740991,\"final\":true,\"cursor\":\"c\","
                + "\"attempt\":1,\"run\":\"r\",\"thread\":\"t\",\"op\":\"event\","
                + "\"redelivery\":2,\"event\":{}}")
            .orElseThrow();
    assertThat(head.seq()).isEqualTo(9_007_199_254_740_991L);
    assertThat(head.terminal()).isTrue();
    assertThat(head.ends()).isTrue();
    assertThat(head.redelivery()).isTrue();
    assertThat(head.event()).hasSize(2);
  }

  @Test
  void tellsTheEndOfAnAttemptFromTheEndOfARun() {
    EventHead head =
        read("{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":2,"
                + "\"cursor\":\"c\",\"ts\":1,\"final\":false,\"event\":{}}")
            .orElseThrow();
    assertThat(head.terminal()).isTrue();
    assertThat(head.ends()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\":\"live\",\"thread\":\"t\",\"cursor\":\"c\"}",
        "{\"op\":\"welcome\",\"connection\":\"c\",\"limits\":{\"event\":1}}",
        "{\"op\":\"error\",\"code\":\"X\",\"message\":\"say \\\"event\\\":{}\"}",
        "{\"op\":\"gap\",\"event\":{}}",
        "{\"op\":\"event\"",
        "[]",
        "not JSON",
        ""
      })
  void leavesEverythingElseToAParser(String frame) {
    assertThat(read(frame)).isEmpty();
  }

  @Test
  void refusesAnEventThatLacksAField() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"event\":{}}"));
  }

  @Test
  void refusesAFrameThatGoesOnBehindTheEvent() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                read(
                    "{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":2,"
                        + "\"cursor\":\"c\",\"event\":{}}\n"));
  }

  private static Optional<EventHead> read(String frame) {
    return EventHead.read(ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8)));
  }
}
