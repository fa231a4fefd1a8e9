package io.runwire.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KeywordTest {
  @Test
  void leavesOutCommonWordsAndRepetitions() {
    assertThat(stems("How does the router reject records, and why are they rejected?"))
        .containsExactly("router", "reject", "record");
  }

  @Test
  void findsAWordInAnyCaseAndWithinNames() {
    Keyword keyword = Keyword.of("duplicates");

    assertThat(keyword.isIn("RejectReason.DUPLICATE")).isTrue();
    assertThat(keyword.isIn("isDuplicated()")).isTrue();
    assertThat(keyword.isIn("no_duplicates_here")).isTrue();
    assertThat(keyword.isIn("dup")).isFalse();
    assertThat(keyword.isIn("")).isFalse();
  }

  @Test
  void doesNotTakeALongerWordForIt() {
    Keyword fold = Keyword.of("fold");

    assertThat(fold.isIn("folds, folding, Fold.java, theFold, FOLD_SIZE")).isTrue();
    assertThat(fold.isIn("folder, FOLDERS, manifold, ManiFolder")).isFalse();
  }

  @Test
  void looksForAFewWordsOnly() {
    assertThat(stems("alpha beta gamma delta epsilon zeta eta theta"))
        .hasSize(Keyword.MAX_KEYWORDS)
        .startsWith("alpha", "beta");
  }

  @Test
  void findsNothingInPunctuation() {
    assertThat(Keyword.in("?! … a 𝄞 \ud83d")).isEmpty();
    assertThat(Keyword.in("")).isEmpty();
  }

  @Test
  void knowsOtherAlphabets() {
    assertThat(stems("Wo ist der Schlüssel?")).contains("schlüssel");
  }

  private static List<String> stems(String question) {
    return Keyword.in(question).stream().map(Keyword::stem).toList();
  }
}
