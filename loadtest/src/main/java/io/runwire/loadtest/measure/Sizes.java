package io.runwire.loadtest.measure;

/** Bounds of what a bench may be asked for. */
final class Sizes {
  /** Beyond, a process of clients or the edge would run into its 20,000 open files. */
  static final int MOST_CLIENTS = 15_000;

  private Sizes() {}

  /**
   * @throws IllegalArgumentException naming the size, its value and what was expected
   */
  static void require(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s..%s)".formatted(name, text(value), text(least), text(most)));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
