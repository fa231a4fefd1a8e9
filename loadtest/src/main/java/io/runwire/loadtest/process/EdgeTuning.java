package io.runwire.loadtest.process;

import java.util.List;
import java.util.Map;

/**
 * How the edges of a {@link RunwireSystem} differ from those that only have to be correct.
 *
 * @param heap the largest, as in {@code -Xmx}
 * @param jvmOptions beside those that all programs get; they win
 * @param settings of the edge, over those that the system chooses
 */
public record EdgeTuning(String heap, List<String> jvmOptions, Map<String, String> settings) {
  /** Not at all. */
  public static final EdgeTuning NONE = new EdgeTuning("256m", List.of(), Map.of());

  public EdgeTuning {
    jvmOptions = List.copyOf(jvmOptions);
    settings = Map.copyOf(settings);
  }
}
