package io.runwire.loadtest.process;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a {@link RunwireSystem} differs from one that only has to be correct.
 *
 * @param jvmOptions of brokers, routers and edges, beside those that all programs get; they win
 * @param edgeHeap the largest of an edge, as in {@code -Xmx}
 * @param edgeJvmOptions beside those
 * @param edgeSettings over those that the system chooses
 */
public record Tuning(
    List<String> jvmOptions,
    String edgeHeap,
    List<String> edgeJvmOptions,
    Map<String, String> edgeSettings) {
  /** Not at all. */
  public static final Tuning NONE = new Tuning(List.of(), "256m", List.of(), Map.of());

  public Tuning {
    jvmOptions = List.copyOf(jvmOptions);
    edgeJvmOptions = List.copyOf(edgeJvmOptions);
    edgeSettings = Map.copyOf(edgeSettings);
  }

  /**
   * For what is measured: compiler and collector of programs that live long, and edges as the
   * command line starts them.
   */
  public static Tuning measured(Map<String, String> edgeSettings) {
    return new Tuning(
        Program.LONG_LIVED, "512m", List.of("-XX:MaxTenuringThreshold=1"), edgeSettings);
  }

  /** Of an edge. */
  List<String> allEdgeJvmOptions() {
    return Stream.concat(jvmOptions.stream(), edgeJvmOptions.stream()).toList();
  }
}
