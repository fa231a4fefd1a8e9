package io.runwire.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.deploy.demo.Ranking.Ranked;
import io.runwire.deploy.demo.SourceFolder.Entry;
import io.runwire.deploy.demo.SourceFolder.Listing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RankingTest {
  private static final Keyword RARE = Keyword.of("fold");
  private static final Keyword FREQUENT = Keyword.of("event");

  private final Ranking ranking =
      new Ranking(
          new Listing(
              List.of(
                  new Entry("a", 100),
                  new Entry("b", 100),
                  new Entry("c", 100),
                  new Entry("long", 10_000),
                  new Entry("Fold.java", 100)),
              true));

  @Test
  void aRareWordTellsMore() {
    assertThat(files(new Hits(FREQUENT, Map.of("a", 2, "b", 2, "c", 2)), hits(RARE, "b", 1)))
        .startsWith("b");
    assertThat(ranking.weight(hits(RARE, "b", 1)))
        .isGreaterThan(ranking.weight(new Hits(FREQUENT, Map.of("a", 1, "b", 1, "c", 1))));
  }

  @Test
  void aLongFileMustOfferMore() {
    assertThat(files(new Hits(RARE, Map.of("long", 2, "a", 2)))).containsExactly("a", "long");
  }

  @Test
  void aNameCountsAsSeveralLines() {
    assertThat(files(new Hits(RARE, Map.of("a", 3, "Fold.java", 1)))).startsWith("Fold.java");
  }

  @Test
  void aTestTellsLessThanWhatItTests() {
    assertThat(files(new Hits(RARE, Map.of("a/test/x", 2, "a/main/x", 2))))
        .containsExactly("a/main/x", "a/test/x");
  }

  @Test
  void whatIsEquallyGoodComesByName() {
    assertThat(files(new Hits(RARE, Map.of("c", 1, "a", 1, "b", 1))))
        .containsExactly("a", "b", "c");
  }

  private List<String> files(Hits... hits) {
    return ranking.rank(List.of(hits)).stream().map(Ranked::file).toList();
  }

  private static Hits hits(Keyword keyword, String file, int lines) {
    return new Hits(keyword, Map.of(file, lines));
  }
}
