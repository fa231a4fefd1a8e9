package io.runwire.loadtest.drive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which thousands of lines and their users live. Everything about them happens here;
 * others hand it commands.
 */
final class LineLoop implements Line.Dialer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LineLoop.class);

  private static final long TICK_MS = 20;
  private static final int SHARED_BYTES = 256 << 10;
  private static final int MAX_COMMANDS = 64;

  /** Connection attempts per turn, so that a storm of them does not keep the open lines waiting. */
  private static final int CONNECTS_PER_TURN = 64;

  /** What lives here beside the lines. */
  interface Tenant {
    /** Time has passed; every 20 ms or so. */
    void tick(long nowMs);
  }

  private final LineOptions options;
  private final Clocks clocks;
  private final Selector selector;
  private final BlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(MAX_COMMANDS);
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable Exception failure;

  // Below: the loop's thread only.
  private final ByteBuffer shared = ByteBuffer.allocateDirect(SHARED_BYTES);
  private final ArrayDeque<NioLine> toConnect = new ArrayDeque<>();
  private final List<NioLine> lines = new ArrayList<>();
  private final List<Tenant> tenants = new ArrayList<>();
  private int dialled;

  LineLoop(String name, LineOptions options, Clocks clocks) {
    this.options = options;
    this.clocks = clocks;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::run, name);
    thread.start();
  }

  /** Has a command done on the loop's thread, waiting for room; nothing after {@link #close}. */
  void execute(Runnable command) throws InterruptedException {
    while (!stopping && !commands.offer(command, TICK_MS, TimeUnit.MILLISECONDS)) {
      selector.wakeup();
    }
    selector.wakeup();
  }

  /**
   * Throws where the loop has died.
   *
   * @throws IllegalStateException with the reason
   */
  void check() {
    Exception died = failure;
    if (died != null) {
      throw new IllegalStateException(thread.getName() + " has died", died);
    }
  }

  /** On the loop's thread: a tenant moves in. */
  void add(Tenant tenant) {
    tenants.add(tenant);
  }

  @Override
  public Line dial(URI edge, Line.User user) {
    NioLine line = new NioLine(edge, user, options.readBytesPerSecond(), clocks);
    toConnect.add(line);
    return line;
  }

  /** Ends the thread; lines that are still open are dropped. */
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    selector.wakeup();
    thread.join();
  }

  private void run() {
    long nextTickMs = 0;
    try (selector) {
      while (!stopping) {
        connectSome();
        selector.select(this::ready, toConnect.isEmpty() ? TICK_MS : 1);
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
          command.run();
        }
        long nowMs = clocks.monotonicMs().getAsLong();
        if (nowMs >= nextTickMs) {
          nextTickMs = nowMs + TICK_MS;
          lines.removeIf(NioLine::isClosed);
          lines.forEach(line -> line.tick(nowMs));
          tenants.forEach(tenant -> tenant.tick(nowMs));
        }
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
      LOG.error("{} ends", thread.getName(), e);
    } finally {
      stopping = true;
      lines.forEach(NioLine::drop);
    }
  }

  private void connectSome() {
    for (int i = 0; i < CONNECTS_PER_TURN && !toConnect.isEmpty(); i++) {
      NioLine line = toConnect.remove();
      InetAddress from = options.from().get(dialled++ % options.from().size());
      lines.add(line);
      line.connect(selector, from, options.receiveBufferBytes());
    }
  }

  private void ready(SelectionKey key) {
    if (key.isValid()) {
      ((NioLine) key.attachment()).ready(shared);
    }
  }
}
