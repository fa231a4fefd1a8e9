package io.runwire.producer.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Code on a thread that can be given up.
 *
 * <p>What is waited for is {@link #end}: the code's return, or whatever completes it before. Giving
 * up interrupts the thread and hands on what was asked for; it waits for none of it, since a wish
 * may wait for a lock that the code holds. Whether the code obeys is up to it. As long as it has
 * not returned, it holds what it was started with.
 *
 * <p>Thread-safe.
 */
final class Task<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Task.class);

  private final String name;
  private final CompletableFuture<T> end = new CompletableFuture<>();

  // Guarded by this.
  private final List<Wish> wishes = new ArrayList<>();
  private boolean givenUp;
  private @Nullable Thread thread;

  Task(String name) {
    this.name = name;
  }

  /** Something to be done, and where. */
  private record Wish(Runnable what, Executor on) {}

  /** What the code threw, so that it cannot be taken for an end that came from outside. */
  static final class Threw extends Exception {
    private static final long serialVersionUID = 1L;

    Threw(Throwable cause) {
      super("thrown by the code", cause); // not its message, which may throw itself
    }

    Throwable thrown() {
      Throwable cause = getCause();
      return cause == null ? this : cause;
    }
  }

  /** What completed a stage, without what stages wrap around it. */
  static Throwable unwrapped(Throwable error) {
    Throwable cause = error.getCause();
    return cause != null
            && (error instanceof CompletionException || error instanceof ExecutionException)
        ? cause
        : error;
  }

  /** Ends once, with what the code returned or {@link Threw}, or as somebody else completes it. */
  CompletableFuture<T> end() {
    return end;
  }

  /** On the thread that it has until the code returns. */
  void run(Callable<T> code) {
    synchronized (this) {
      if (givenUp || end.isDone()) {
        return; // it ended before it began
      }
      thread = Thread.currentThread();
    }
    try {
      T result = code.call();
      leave();
      end.complete(result);
    } catch (Throwable e) { // whatever it is, somebody waits for the end
      leave();
      end.completeExceptionally(new Threw(e));
    }
  }

  private synchronized void leave() {
    thread = null;
  }

  /** Tells the code that its result is no longer wanted. */
  void giveUp() {
    List<Wish> asked;
    synchronized (this) {
      if (givenUp) {
        return;
      }
      givenUp = true;
      asked = List.copyOf(wishes);
      if (thread != null) {
        thread.interrupt(); // under the lock, so that it cannot hit what the thread does next
      }
    }
    asked.forEach(wish -> wish.on().execute(() -> fulfil(wish.what())));
  }

  synchronized boolean isGivenUp() {
    return givenUp;
  }

  /**
   * Asks for something to be done when this is given up; at once, and here, if it has been.
   *
   * @param on where else; never to wait for it
   * @return takes the wish back
   */
  Runnable whenGivenUp(Runnable what, Executor on) {
    Wish wish = new Wish(what, on);
    synchronized (this) {
      if (!givenUp) {
        wishes.add(wish);
        return () -> forget(wish);
      }
    }
    fulfil(what);
    return () -> {};
  }

  /** Gives up the other, too, when this is. */
  Runnable takesAlong(Task<?> other) {
    return whenGivenUp(other::giveUp, Runnable::run);
  }

  private synchronized void forget(Wish wish) {
    wishes.remove(wish);
  }

  private void fulfil(Runnable wish) {
    try {
      wish.run();
    } catch (Throwable e) { // an agent's code; the run's end must not depend on it
      LOG.warn("{}: what was to be done on giving it up failed", name, e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
