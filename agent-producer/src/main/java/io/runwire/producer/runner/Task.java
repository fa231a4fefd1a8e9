package io.runwire.producer.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Code on a thread that can be given up.
 *
 * <p>What is waited for is {@link #end}: the code's return, or whatever completes it before. Giving
 * up interrupts the thread and runs what the code asked for; whether the code obeys is up to it. As
 * long as it has not returned, it holds what it was started with.
 *
 * <p>Thread-safe.
 */
final class Task<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Task.class);

  private final String name;
  private final CompletableFuture<T> end = new CompletableFuture<>();

  // Guarded by this.
  private final List<Runnable> whenGivenUp = new ArrayList<>();
  private boolean givenUp;
  private @Nullable Thread thread;

  Task(String name) {
    this.name = name;
  }

  /** What the code threw, so that it cannot be taken for an end that came from outside. */
  static final class Threw extends Exception {
    private static final long serialVersionUID = 1L;

    Threw(Throwable cause) {
      super(cause);
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
      end.complete(code.call());
    } catch (Throwable e) { // whatever it is, somebody waits for the end
      end.completeExceptionally(new Threw(e));
    } finally {
      synchronized (this) {
        thread = null;
      }
    }
  }

  /** Tells the code that its result is no longer wanted. */
  void giveUp() {
    List<Runnable> wishes;
    synchronized (this) {
      if (givenUp) {
        return;
      }
      givenUp = true;
      wishes = List.copyOf(whenGivenUp);
      if (thread != null) {
        thread.interrupt(); // under the lock, so that it cannot hit what the thread does next
      }
    }
    wishes.forEach(this::fulfil);
  }

  synchronized boolean isGivenUp() {
    return givenUp;
  }

  /**
   * Asks for something to be done when this is given up; at once if it has been.
   *
   * @return takes the wish back
   */
  Runnable whenGivenUp(Runnable wish) {
    synchronized (this) {
      if (!givenUp) {
        whenGivenUp.add(wish);
        return () -> forget(wish);
      }
    }
    fulfil(wish);
    return () -> {};
  }

  private synchronized void forget(Runnable wish) {
    whenGivenUp.remove(wish);
  }

  private void fulfil(Runnable wish) {
    try {
      wish.run();
    } catch (RuntimeException e) {
      LOG.warn("{}: what was to be done on giving it up failed", name, e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
