package io.runwire.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoryTest {
  @Test
  void isTheSameHoweverItsTextWasCut() {
    assertThat(told("Hello, ", "world")).isEqualTo(told("Hello, world"));
  }

  @Test
  void isAnotherWhereTextOrAnEventIsMissingOrMoved() {
    assertThat(told("Hello, ", "world"))
        .isNotEqualTo(told("Hello, "))
        .isNotEqualTo(told("world", "Hello, "));
    Story withoutEnd = new Story();
    withoutEnd.event("TEXT_MESSAGE_START");
    withoutEnd.text("Hello, world");
    assertThat(withoutEnd).hasToString("TEXT_MESSAGE_START \"Hello, world");
  }

  private static String told(String... pieces) {
    Story story = new Story();
    story.event("TEXT_MESSAGE_START");
    for (String piece : pieces) {
      story.text(piece);
    }
    story.event("TEXT_MESSAGE_END");
    return story.toString();
  }
}
