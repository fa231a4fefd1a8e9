package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.Window.CaughtUp;

/** The end of a window, as a reader who has caught up finds it. */
public final class WindowEnd {
  private WindowEnd() {}

  /** The leader epoch of the last record that was read, whoever's it is. */
  public static int epoch(Windows windows, int partition) {
    Window window = windows.window(partition);
    return window.next("nobody", window.start(), window.generation()) instanceof CaughtUp at
        ? at.leaderEpoch()
        : Cursor.NO_EPOCH;
  }
}
