package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.Window.CaughtUp;
import io.runwire.edge.hub.Window.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The end of a window, as a reader who has caught up finds it. */
public final class WindowEnd {
  private WindowEnd() {}

  public static boolean isOpen(Windows windows, int partition) {
    return windows.window(partition).isOpen();
  }

  /** The leader epoch of the last record that was read, whoever's it is. */
  public static int epoch(Windows windows, int partition) {
    Window window = windows.window(partition);
    return window.next("nobody", window.start(), window.generation()) instanceof CaughtUp at
        ? at.leaderEpoch()
        : Cursor.NO_EPOCH;
  }

  /** The agents' bytes of a thread, from the window's start on. */
  public static List<String> events(Windows windows, int partition, String thread) {
    Window window = windows.window(partition);
    List<String> events = new ArrayList<>();
    long position = window.start();
    while (window.next(thread, position, window.generation()) instanceof Found found) {
      events.add(StandardCharsets.UTF_8.decode(found.entry().frame().event()).toString());
      position = found.entry().offset() + 1;
    }
    return events;
  }
}
