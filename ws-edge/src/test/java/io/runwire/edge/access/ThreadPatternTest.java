package io.runwire.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadPatternTest {
  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource({
    "t1, t1, true",
    "t1, t10, false",
    "t1, T1, false",
    "u42.*, u42.a, true",
    "u42.*, u42., true",
    "u42.*, u42, false",
    "u42.*, u420.a, false",
    "u42:*, u42:a:b, true",
    "u42~*, u42~x, true",
    "*, anything, true",
  })
  void coversOneThreadOrAPrefix(String pattern, String thread, boolean covered) {
    assertThat(ThreadPattern.parse(pattern).orElseThrow().covers(thread)).isEqualTo(covered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"u4*", "u-*", "u_*", "*x", "a*b", "**", "u.**", "", "a b", "ä", "a/b.*"})
  void refusesWhatCouldCoverMoreThanItSeems(String pattern) {
    assertThat(ThreadPattern.parse(pattern)).isEmpty();
  }

  @Test
  void refusesAPatternThatIsNoId() {
    assertThat(ThreadPattern.parse("x".repeat(201))).isEmpty();
    assertThat(ThreadPattern.parse("x".repeat(200))).isPresent();
  }
}
