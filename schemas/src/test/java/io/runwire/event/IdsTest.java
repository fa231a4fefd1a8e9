package io.runwire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        ".",
        "..",
        "-",
        "u42.chat:7~b_c",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:-"
      })
  void acceptsLettersDigitsAndFiveMarks(String id) {
    assertThat(Ids.valid(id)).isTrue();
    assertThat(Ids.require("thread", id)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a/b",
        "../a",
        "a%2fb",
        "a\\b",
        "a\"b",
        "a\n",
        "a\r",
        "\u0000",
        "a\u0000b",
        "a\u202eb",
        "a\u2066b",
        "\ufeffa",
        "é",
        "ａ",
        "٣",
        "\ud800",
        "𝔄",
        "a@b",
        "a+b",
        "a*"
      })
  void refusesEverythingElse(String id) {
    assertThat(Ids.valid(id)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ids.require("thread", id))
        .withMessageStartingWith("thread: '")
        .withMessageEndingWith("' (expected: 1-200 chars of [A-Za-z0-9._~:-])");
  }

  @Test
  void acceptsTwoHundredCharsAndNoMore() {
    assertThat(Ids.valid("a".repeat(200))).isTrue();
    assertThat(Ids.valid("a".repeat(201))).isFalse();
    assertThat(Ids.valid("a".repeat(1 << 20))).isFalse();
  }

  @Test
  void makesUpValidIdsThatDiffer() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      made.add(Ids.random("run"));
    }

    assertThat(made)
        .hasSize(1_000)
        .allSatisfy(id -> assertThat(id).matches("run-.{20}").matches(Ids::valid));
  }

  @Property
  void printsAnythingAsOneShortLineOfAscii(@ForAll String text) {
    assertThat(Ids.printable(text)).matches("[\\x20-\\x7e…]{0,61}");
  }

  @Test
  void printsWhatIsPrintableAsItIs() {
    assertThat(Ids.printable("u42.chat: \"x\"")).isEqualTo("u42.chat: \"x\"");
    assertThat(Ids.printable("a\r\nb\u202e\u0000")).isEqualTo("a??b??");
    assertThat(Ids.printable("a".repeat(61))).isEqualTo("a".repeat(60) + "…");
  }
}
