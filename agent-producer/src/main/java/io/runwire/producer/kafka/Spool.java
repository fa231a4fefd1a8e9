package io.runwire.producer.kafka;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what all runs of a process together have unsettled, in bytes.
 *
 * <p>Thread-safe. Its lock may be taken inside a lane's, never the other way round: whoever waits
 * here holds nothing.
 */
final class Spool {
  private final long bound;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private long used; // guarded by lock

  Spool(long bound) {
    this.bound = bound;
  }

  /** Takes room if there is enough. Anything fits into an empty spool. */
  boolean tryTake(long bytes) {
    lock.lock();
    try {
      if (!fits(bytes)) {
        return false;
      }
      used += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes room whether there is enough or not. */
  void take(long bytes) {
    lock.lock();
    try {
      used += bytes;
    } finally {
      lock.unlock();
    }
  }

  void release(long bytes) {
    lock.lock();
    try {
      used -= bytes;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something was released, if so much does not fit now.
   *
   * @return what is left of the patience
   */
  long awaitRelease(long bytes, long patienceNs) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return fits(bytes) ? patienceNs : released.awaitNanos(patienceNs);
    } finally {
      lock.unlock();
    }
  }

  /** Whether more than half of it is used. */
  boolean isTight() {
    return used() > bound / 2;
  }

  long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(long bytes) {
    return used == 0 || used + bytes <= bound;
  }
}
