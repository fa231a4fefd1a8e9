package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {
  private final Flags flags =
      new Flags("Does it.").required("file", "where").optional("count", "3", "how many");

  @Test
  void readsWhatIsGivenAndCompletesTheRest() {
    Flags.Values values = flags.parse(List.of("--file=a=b"));
    assertThat(values.text("file")).isEqualTo("a=b");
    assertThat(values.number("count", 1, 10)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--count=1", "--file", "--files=x", "file=x", "x"})
  void refusesWhatIsMissingOrUnknown(String argument) {
    assertThatIllegalArgumentException().isThrownBy(() -> flags.parse(List.of(argument)));
  }

  @Test
  void refusesWhatStandsTwice() {
    assertThatThrownBy(() -> flags.parse(List.of("--file=a", "--file=b")))
        .hasMessage("--file: stands twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "2.5", "NaN", "x", ""})
  void namesTheFlagTheValueAndWhatWasExpected(String count) {
    Flags.Values values = flags.parse(List.of("--file=a", "--count=" + count));
    assertThatThrownBy(() -> values.number("count", 1, 10))
        .hasMessageStartingWith("--count: " + count + " (expected: ");
  }

  @Test
  void explainsItself() {
    assertThat(flags.help()).contains("Does it.", "--file=…", "how many (3)");
  }

  @Test
  void spellsThreads() {
    assertThat(ThreadNames.parse("a,b")).containsExactly("a", "b");
    assertThat(ThreadNames.parse("p.q.*3")).containsExactly("p.q.0", "p.q.1", "p.q.2");
    assertThatIllegalArgumentException().isThrownBy(() -> ThreadNames.parse("p.*0"));
    assertThatIllegalArgumentException().isThrownBy(() -> ThreadNames.parse("a,,b"));
  }
}
