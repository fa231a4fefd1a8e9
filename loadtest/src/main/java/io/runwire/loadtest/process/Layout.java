package io.runwire.loadtest.process;

/**
 * How large a {@link RunwireSystem} is.
 *
 * @param brokers 1 or 3
 * @param routers 1 or 2
 * @param edges 1 to 4
 * @param partitions of the log
 */
public record Layout(int brokers, int routers, int edges, int partitions) {
  /** Everything twice or more, so that a part can fail while another takes over. */
  public static final Layout REDUNDANT = new Layout(3, 2, 2, 8);

  public Layout {
    require("brokers", brokers == 1 || brokers == 3, brokers, "1 or 3");
    require("routers", routers >= 1 && routers <= 2, routers, "1..2");
    require("edges", edges >= 1 && edges <= 4, edges, "1..4");
    require("partitions", partitions >= 1, partitions, ">= 1");
  }

  private static void require(String what, boolean holds, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
    }
  }
}
