package io.runwire.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuoteTest {
  private static final Map<Keyword, Double> WEIGHTS =
      Map.of(Keyword.of("fold"), 3.0, Keyword.of("event"), 1.0);

  @Test
  void quotesWhereTheWordsStandTogetherWithContext() {
    List<String> lines = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      lines.add("line " + i);
    }
    lines.set(4, "event");
    lines.set(29, "fold the event"); // line 30
    Quote quote = Quote.best("a.txt", lines, WEIGHTS);

    assertThat(quote.lines()).hasSize(7).contains("fold the event");
    assertThat(quote.lines().indexOf("fold the event")).isBetween(2, 4);
    assertThat(quote.lines()).isEqualTo(lines.subList(quote.first() - 1, quote.first() + 6));
    assertThat(quote.place()).isEqualTo("a.txt:" + quote.first() + "-" + (quote.first() + 6));
  }

  @Test
  void anImportSaysNothing() {
    List<String> lines = new ArrayList<>(List.of("import event.fold;"));
    for (int i = 0; i < 10; i++) {
      lines.add("");
    }
    lines.add("event");

    assertThat(Quote.best("a.java", lines, WEIGHTS).lines()).contains("event");
  }

  @Test
  void quotesAShortFileWhole() {
    Quote quote = Quote.best("a.txt", List.of("fold"), WEIGHTS);

    assertThat(quote.place()).isEqualTo("a.txt:1-1");
    assertThat(quote.markdown()).isEqualTo("`a.txt:1-1`\n\n        1  fold\n\n");
  }

  @Test
  void cutsEndlessLines() {
    String markdown = Quote.best("a.js", List.of("fold".repeat(1_000)), WEIGHTS).markdown();

    assertThat(markdown).hasSizeLessThan(250).contains("…");
  }
}
