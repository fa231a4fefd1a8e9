package io.runwire.loadtest.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  @Test
  void namesEachFaultOnce() {
    List<Integer> numbers = Catalogue.entries().stream().map(Entry::number).toList();
    assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, Catalogue.PAUSE).boxed().toList());
    assertThat(Catalogue.entries()).extracting(Entry::name).doesNotHaveDuplicates();
    assertThat(Catalogue.entries()).allMatch(entry -> !entry.description().contains("\n"));
  }

  @Test
  void injectsAtLeastTwenty() {
    assertThat(Catalogue.entries().stream().filter(entry -> entry instanceof Fault).count())
        .isGreaterThanOrEqualTo(20);
    assertThat(Catalogue.survivable())
        .containsAll(Catalogue.SHORT)
        .containsAll(Catalogue.CRASH)
        .doesNotContain(28, 29, 30);
  }

  @Test
  void aBuildHasTheShortSelectionTheCrashesAndThePause() {
    assertThat(Catalogue.CRASH).doesNotContainAnyElementsOf(Catalogue.shortOnesBesideCrashes());
    List<Integer> build = new ArrayList<>(Catalogue.CRASH);
    build.addAll(Catalogue.shortOnesBesideCrashes());
    assertThat(build).containsAll(Catalogue.SHORT).contains(Catalogue.PAUSE);
  }

  @Test
  void saysWhyAFaultIsNotInjectedHere() {
    assertThatThrownBy(() -> Catalogue.fault(31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("broker disk full")
        .hasMessageContaining("needs");
    assertThatThrownBy(() -> Catalogue.fault(38))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1..37");
  }
}
