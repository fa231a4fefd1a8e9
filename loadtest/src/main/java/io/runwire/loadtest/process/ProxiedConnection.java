package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One connection through a {@link TcpProxy}: a thread for each direction. */
final class ProxiedConnection {
  private static final int CHUNK = 16 << 10;

  /** A limited connection passes its bytes in so many pieces per second. */
  private static final int PIECES_PER_SECOND = 10;

  private final Socket near;
  private final Socket far;
  private final Gate gate;
  private final Consumer<ProxiedConnection> ended;
  private final AtomicInteger pumping = new AtomicInteger(2);
  private volatile boolean vanished;

  /**
   * @param near to the side that connected
   * @param ended told once, when both sides are closed
   */
  ProxiedConnection(Socket near, Socket far, Gate gate, Consumer<ProxiedConnection> ended) {
    this.near = near;
    this.far = far;
    this.gate = gate;
    this.ended = ended;
  }

  void start() {
    run("up", () -> pump(near, far, Traffic::up));
    run("down", () -> pump(far, near, Traffic::down));
  }

  void reset() {
    TcpProxy.resetNow(near);
    TcpProxy.resetNow(far);
    ended.accept(this);
  }

  void vanish() {
    vanished = true;
    TcpProxy.resetNow(near);
  }

  boolean vanished() {
    return vanished;
  }

  private void pump(Socket from, Socket to, Predicate<Traffic> open) {
    byte[] bytes = new byte[CHUNK];
    try {
      while (true) {
        int length = from.getInputStream().read(bytes, 0, piece(gate.pass(open)));
        // Waits again: the gate may have closed while nothing came.
        Traffic traffic = gate.pass(open);
        if (length < 0) {
          to.shutdownOutput();
          break;
        }
        pass(bytes, length, to.getOutputStream(), traffic);
      }
    } catch (IOException broken) {
      if (!vanished) {
        reset();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (pumping.decrementAndGet() == 0 && !vanished) {
      reset();
    }
  }

  private static int piece(Traffic traffic) {
    return traffic.bytesPerSecond() == 0
        ? CHUNK
        : Math.min(CHUNK, Math.max(1, traffic.bytesPerSecond() / PIECES_PER_SECOND));
  }

  private static void pass(byte[] bytes, int length, OutputStream to, Traffic traffic)
      throws IOException, InterruptedException {
    long longestMs = traffic.longestDelay().toMillis();
    if (longestMs > 0) {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(longestMs + 1));
    }
    int slice = traffic.slice() == 0 ? length : traffic.slice();
    for (int at = 0; at < length; at += slice) {
      to.write(bytes, at, Math.min(slice, length - at));
      to.flush();
    }
    if (traffic.bytesPerSecond() > 0) {
      TimeUnit.MILLISECONDS.sleep(1_000L * length / traffic.bytesPerSecond());
    }
  }

  private static void run(String direction, Runnable pump) {
    Thread thread = new Thread(pump, "proxied-" + direction);
    thread.setDaemon(true);
    thread.start();
  }
}
