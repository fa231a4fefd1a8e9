package io.runwire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "Research Agent", "team/größer ✓", "x:1", "a,b=c&d"})
  void aNameIsReadAsItStands(String name) {
    assertThat(AgentName.of(headers(name.getBytes(UTF_8)))).hasValue(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " a", "a\t", "a\nb", "a\u0000"})
  void whatIsNotOfTheFormIsNoName(String name) {
    assertThat(AgentName.of(headers(name.getBytes(UTF_8)))).isEmpty();
  }

  @Test
  void norIsWhatIsTooLongOrNotUtf8OrNull() {
    assertThat(AgentName.of(headers("x".repeat(200).getBytes(UTF_8)))).isPresent();
    assertThat(AgentName.of(headers("x".repeat(201).getBytes(UTF_8)))).isEmpty();
    assertThat(AgentName.of(headers(new byte[] {(byte) 0xff}))).isEmpty();
    assertThat(AgentName.of(headers(null))).isEmpty();
    assertThat(AgentName.of(new RecordHeaders())).isEmpty();
  }

  private static Headers headers(byte @Nullable [] value) {
    return new RecordHeaders().add(EventHeaders.AGENT, value);
  }
}
