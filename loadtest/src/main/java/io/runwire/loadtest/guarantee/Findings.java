package io.runwire.loadtest.guarantee;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Counts what a guarantee looked at and what it found. */
final class Findings {
  private static final int EXAMPLES = 20;

  private final List<String> examples = new ArrayList<>();
  private long checked;
  private long broken;
  private long excused;

  void checked() {
    checked++;
  }

  void excused() {
    excused++;
  }

  void broken(Supplier<String> description) {
    broken++;
    if (examples.size() < EXAMPLES) {
      examples.add(description.get());
    }
  }

  Verdict verdict(String guarantee) {
    return new Verdict(guarantee, checked, broken, excused, List.copyOf(examples));
  }
}
