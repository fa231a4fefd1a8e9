package io.runwire.loadtest.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket over a non-blocking socket.
 *
 * <pre>
 * NEW ──▶ CONNECTING ──▶ UPGRADING ──101──▶ OPEN ──close()──▶ CLOSING ──▶ CLOSED
 *              └──────────────┴── lost, violation, close ──────────────────▲
 * </pre>
 *
 * <p>Lives on its {@link LineLoop}'s thread.
 */
final class NioLine implements Line {
  private static final Logger LOG = LoggerFactory.getLogger(NioLine.class);

  private static final long CLOSING_MS = 1_000;
  private static final int MAX_UNSENT_BYTES = 64 << 10;

  private enum Phase {
    NEW,
    CONNECTING,
    UPGRADING,
    OPEN,
    CLOSING,
    CLOSED
  }

  private final URI edge;
  private final User user;
  private final Clocks clocks;
  private final Upgrade upgrade;
  private final FrameReader frames = new FrameReader();
  private final ReadPace pace;
  private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>(4);
  private final FrameReader.Sink sink = new Incoming();
  private int unsentBytes;
  private Phase phase = Phase.NEW;
  private boolean reading = true;
  private long closingUntilMs;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;

  NioLine(URI edge, User user, int readBytesPerSecond, Clocks clocks) {
    this.edge = edge;
    this.user = user;
    this.clocks = clocks;
    this.pace = new ReadPace(readBytesPerSecond, clocks.monotonicMs().getAsLong());
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    this.upgrade = new Upgrade(edge, nonce);
  }

  /** Whether the loop may forget it. */
  boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  /** Begins; what goes wrong is told to the user. */
  void connect(Selector selector, InetAddress from, int receiveBufferBytes) {
    if (phase == Phase.CLOSED) {
      return; // dropped before its turn came
    }
    try {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (receiveBufferBytes > 0) {
        opened.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
      }
      opened.bind(new InetSocketAddress(from, 0));
      phase = Phase.CONNECTING;
      key = opened.register(selector, SelectionKey.OP_CONNECT, this);
      if (opened.connect(new InetSocketAddress(edge.getHost(), edge.getPort()))) {
        connected();
      }
    } catch (IOException | RuntimeException e) { // an unresolved host is no IOException
      end(LOST, e.toString());
    }
  }

  /** The selector says that something can be done. */
  void ready(ByteBuffer shared) {
    try {
      SelectionKey ready = open(key);
      if (ready.isConnectable() && open(channel).finishConnect()) {
        connected();
      }
      if (phase != Phase.CLOSED && ready.isWritable()) {
        flush();
      }
      if (phase != Phase.CLOSED && ready.isReadable()) {
        readSome(shared);
      }
    } catch (IOException e) {
      end(LOST, e.toString());
    } catch (WireViolation e) {
      violated(e);
    }
  }

  /** Time passes. */
  void tick(long nowMs) {
    if (phase == Phase.CLOSING && nowMs >= closingUntilMs) {
      end(LOST, "no answer to the close frame");
    } else if (pace.isLimited() && phase != Phase.NEW && phase != Phase.CLOSED) {
      updateInterest(nowMs);
    }
  }

  @Override
  public void send(String text) {
    if (phase == Phase.OPEN) {
      enqueue(ClientFrames.text(text, mask()));
    }
  }

  @Override
  public void read(boolean on) {
    reading = on;
    if (phase != Phase.NEW && phase != Phase.CLOSED) {
      updateInterest(now());
    }
  }

  @Override
  public void close() {
    if (phase == Phase.OPEN) {
      phase = Phase.CLOSING;
      closingUntilMs = now() + CLOSING_MS;
      read(true); // the peer's answer is behind what it has sent so far
      enqueue(ClientFrames.close(1000, mask()));
    } else if (phase != Phase.CLOSING) {
      end(LOST, "closed before it was open");
    }
  }

  @Override
  public void drop() {
    phase = Phase.CLOSED;
    release();
  }

  private void connected() throws IOException {
    phase = Phase.UPGRADING;
    enqueue(upgrade.request());
    updateInterest(now());
  }

  private void readSome(ByteBuffer shared) throws IOException, WireViolation {
    int allowance = pace.allowance(now());
    if (allowance > 0 && reading) {
      shared.clear().limit(Math.min(shared.capacity(), allowance));
      int bytes = open(channel).read(shared);
      if (bytes < 0) {
        end(LOST, "end of stream");
        return;
      }
      pace.took(bytes);
      user.heard();
      take(shared.flip());
    }
    if (phase != Phase.CLOSED) {
      updateInterest(now());
    }
  }

  private void take(ByteBuffer in) throws WireViolation {
    if (phase == Phase.UPGRADING && upgrade.read(in)) {
      phase = Phase.OPEN;
      user.opened();
    }
    if (phase == Phase.OPEN || phase == Phase.CLOSING) {
      frames.read(in, sink);
    }
  }

  private void violated(WireViolation violation) {
    if (phase == Phase.OPEN) {
      farewell(violation.code());
    }
    end(violation.code(), violation.reason());
  }

  /** The last frame, if the peer still takes it: the line's end is told by its code either way. */
  private void farewell(int code) {
    unsent.add(ClientFrames.close(code, mask()));
    try {
      flush();
    } catch (IOException e) {
      LOG.debug("{} did not wait for our close frame", edge, e);
    }
  }

  private void enqueue(ByteBuffer frame) {
    unsentBytes += frame.remaining();
    unsent.add(frame);
    if (unsentBytes > MAX_UNSENT_BYTES) {
      end(LOST, "the peer reads nothing");
      return;
    }
    try {
      flush();
    } catch (IOException e) {
      end(LOST, e.toString());
    }
  }

  private void flush() throws IOException {
    while (!unsent.isEmpty()) {
      unsentBytes -= open(channel).write(unsent.element());
      if (unsent.element().hasRemaining()) {
        break;
      }
      unsent.remove();
    }
    updateInterest(now());
  }

  private void updateInterest(long nowMs) {
    int interest = 0;
    if (phase == Phase.CONNECTING) {
      interest = SelectionKey.OP_CONNECT;
    } else if (reading && pace.allowance(nowMs) > 0) {
      interest = SelectionKey.OP_READ;
    }
    if (!unsent.isEmpty()) {
      interest |= SelectionKey.OP_WRITE;
    }
    SelectionKey registered = open(key);
    if (registered.interestOps() != interest) {
      registered.interestOps(interest);
    }
  }

  private void end(int code, String reason) {
    if (phase != Phase.CLOSED) {
      phase = Phase.CLOSED;
      release();
      user.closed(code, reason);
    }
  }

  private void release() {
    unsent.clear();
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It was to go; how it went changes nothing.
      }
    }
  }

  private long now() {
    return clocks.monotonicMs().getAsLong();
  }

  /** Against proxies that could be poisoned, which are not on our way, so any random will do. */
  private static int mask() {
    return ThreadLocalRandom.current().nextInt();
  }

  private static <T> T open(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not connecting yet");
    }
    return part;
  }

  /** What the peer's frames mean for the line. */
  private final class Incoming implements FrameReader.Sink {
    @Override
    public void text(ByteBuffer message) throws WireViolation {
      if (phase == Phase.OPEN) { // after a goodbye nothing counts any more
        user.text(message);
      }
    }

    @Override
    public void ping(ByteBuffer payload) {
      if (phase == Phase.OPEN) {
        enqueue(ClientFrames.pong(payload, mask()));
      }
    }

    @Override
    public void pong() {}

    @Override
    public void close(int code) {
      if (phase == Phase.OPEN) {
        farewell(code);
      }
      end(code, "closed by the edge");
    }
  }
}
