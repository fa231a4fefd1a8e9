package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.EventType;
import io.runwire.event.EventValue;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Text arrives as it was written, wherever the stream of pieces was cut. */
final class StreamedTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aPairOfSurrogatesSplitBetweenPiecesArrivesWhole() {
    assertThat(deltas("smile \ud83d", "\ude00!")).containsExactly("smile ", "😀!");
  }

  @Test
  void aHeldBackHalfWaitsThroughEmptyPieces() {
    assertThat(deltas("\ud83d", "", "\ude00")).containsExactly("😀");
  }

  @Test
  void aHalfThatStaysAloneBecomesTheReplacementCharacter() {
    assertThat(deltas("a\ud83d")).containsExactly("a", "\ufffd");
    assertThat(deltas("a\ud83d", "b")).containsExactly("a", "\ufffdb");
    assertThat(deltas("a\ude00b")).containsExactly("a\ufffdb");
  }

  @Test
  void whatBreaksLinesSomewhereStaysOnOneLine() {
    String text = "a\nb\r\nc\u0000\u000b\u001b\u0085d\u2028e\u2029f\u007f\t\"\\/";
    MemoryLog log = written(text);

    assertThat(text(log)).isEqualTo(text);
    assertThat(content(log).get(0).json())
        .contains("\\u0085", "\\u2028", "\\u2029")
        .doesNotContain("\u0085", "\u2028", "\u2029", "\n", "\r", "\t");
  }

  @Test
  void aTextTooLongForOneEventIsCutBetweenCharacters() {
    String text = "a" + "😀".repeat(TextStream.MAX_DELTA_CHARS); // every cut would hit a pair
    MemoryLog log = written(text);

    assertThat(content(log)).hasSize(3);
    assertThat(text(log)).isEqualTo(text);
  }

  @Test
  void theCostliestTextFitsToo() {
    String text = "\u0001".repeat(TextStream.MAX_DELTA_CHARS * 2); // six bytes each
    MemoryLog log = written(text);

    assertThat(content(log)).hasSize(2);
    assertThat(text(log)).isEqualTo(text);
  }

  @Property(tries = 500)
  void anyTextCutAnywhereArrivesAsItWas(
      @ForAll String text, @ForAll List<@IntRange(max = 300) Integer> cuts) {
    List<Integer> places = new ArrayList<>(cuts);
    places.replaceAll(cut -> Math.min(cut, text.length()));
    Collections.sort(places);
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int place : places) {
      pieces.add(text.substring(start, place));
      start = place;
    }
    pieces.add(text.substring(start));

    MemoryLog log = written(pieces.toArray(String[]::new));

    String wellFormed =
        text.codePoints()
            .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    assertThat(text(log)).isEqualTo(wellFormed);
    assertThat(log.events())
        .allSatisfy(e -> assertThat(EventValue.check(e.value(), e.type())).isEmpty());
  }

  private static MemoryLog written(String... pieces) {
    MemoryLog log = new MemoryLog();
    try (AgentRun run = Scripted.over(log).startRun("thread-1")) {
      try (TextMessage message = run.message()) {
        for (String piece : pieces) {
          message.delta(piece);
        }
      }
      run.complete();
    }
    return log;
  }

  private static List<String> deltas(String... pieces) {
    return content(written(pieces)).stream().map(StreamedTextTest::delta).toList();
  }

  private static String text(MemoryLog log) {
    StringBuilder text = new StringBuilder();
    content(log).forEach(event -> text.append(delta(event)));
    return text.toString();
  }

  private static List<AgentEvent> content(MemoryLog log) {
    return log.events().stream()
        .filter(event -> event.type() == EventType.TEXT_MESSAGE_CONTENT)
        .toList();
  }

  private static String delta(AgentEvent event) {
    try {
      JsonNode value = JSON.readTree(new String(event.value(), StandardCharsets.UTF_8));
      return value.get("delta").textValue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
