package io.runwire.loadtest.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * All processes that were started here; when it closes, or this process ends for whatever reason
 * but SIGKILL, none of them is left. Thread-safe.
 */
public final class ProcessGroup implements AutoCloseable {
  private final Deque<ChildProcess> children = new ArrayDeque<>();
  private final Consumer<ChildProcess> endedByItself;
  private final Runnable afterwards;
  private final Thread hook = new Thread(this::killAll, "runwire-processes-stop");
  private boolean closed;

  /**
   * @param endedByItself told of each process that ends without having been stopped or killed
   * @param afterwards done when none of them is left
   */
  public ProcessGroup(Consumer<ChildProcess> endedByItself, Runnable afterwards) {
    this.endedByItself = endedByItself;
    this.afterwards = afterwards;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** A process of this group, not yet started. */
  public synchronized ChildProcess add(Program program) {
    ChildProcess child = new ChildProcess(program, this::ended);
    children.addLast(child);
    return child;
  }

  /** Kills what still runs, the last one first. */
  @Override
  public void close() {
    killAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException goingDown) {
      // The hook runs, or is this very thread.
    }
  }

  private synchronized void killAll() {
    closed = true;
    for (Iterator<ChildProcess> last = children.descendingIterator(); last.hasNext(); ) {
      last.next().retire();
    }
    afterwards.run();
  }

  private void ended(ChildProcess child) {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    endedByItself.accept(child);
  }
}
