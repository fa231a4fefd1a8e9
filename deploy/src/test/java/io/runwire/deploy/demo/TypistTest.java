package io.runwire.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TypistTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "A plain sentence, with punctuation.",
        "tabs\tand\r\nline\u2028breaks\u0000\u0085",
        "日本語 😀👍🏽 Zürich \ud83d lone",
        "    indented code();\n\n\n"
      })
  void thePiecesAreTheText(String text) throws InterruptedException {
    assertThat(String.join("", pieces(text))).isEqualTo(text);
  }

  @Test
  void thePiecesAreSmall() throws InterruptedException {
    assertThat(pieces("internationalization matters"))
        .containsExactly("intern", "ationa", "lizati", "on", " matter", "s");
  }

  @Test
  void stopsWhenInterruptedEvenWithoutPauses() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> pieces("text")).isInstanceOf(InterruptedException.class);
  }

  @Test
  void knowsItsPace() {
    assertThat(Pace.tokensPerSecond(50).perToken()).isEqualTo(Duration.ofMillis(20));
    assertThatIllegalArgumentException().isThrownBy(() -> Pace.tokensPerSecond(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Pace.tokensPerSecond(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Pace(Duration.ofMillis(-1)));
  }

  private static List<String> pieces(String text) throws InterruptedException {
    List<String> pieces = new ArrayList<>();
    new Typist(Pace.NONE).type(text, pieces::add);
    return pieces;
  }
}
