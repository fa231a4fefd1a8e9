package io.runwire.loadtest.drive;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A plain {@code runwire.v1} client: one socket, frames in the order in which they came. Resuming
 * is its user's business. Frames that nobody takes wait here up to a bound; then it hangs up.
 */
public final class WireClient implements AutoCloseable {
  private static final String SUBPROTOCOL = "runwire.v1";
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MAX_WAITING = 100_000;

  /** How a socket ended. */
  public record Closed(int code, String reason) {}

  private final BlockingQueue<WireFrame> frames = new LinkedBlockingQueue<>(MAX_WAITING);
  private final CompletableFuture<Closed> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private WireClient(URI uri) throws InterruptedException, TimeoutException, ExecutionException {
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols(SUBPROTOCOL)
            .connectTimeout(CONNECT)
            .buildAsync(uri, new Listener())
            .get(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Connects and authenticates.
   *
   * @param uri {@code ws://host:port/v1/ws}
   * @throws ExecutionException if the socket cannot be opened
   */
  public static WireClient connect(URI uri, String token)
      throws InterruptedException, TimeoutException, ExecutionException {
    WireClient client = new WireClient(uri);
    client.send("{\"op\":\"auth\",\"token\":\"" + token + "\"}");
    return client;
  }

  /** Subscribes; {@code rest} are further fields, e.g. {@code "from":"earliest"}. */
  public void subscribe(int id, String thread, String rest) {
    send(
        "{\"op\":\"subscribe\",\"id\":"
            + id
            + ",\"thread\":\""
            + thread
            + "\""
            + (rest.isEmpty() ? "" : "," + rest)
            + "}");
  }

  /** Sends a text frame as it is. */
  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** The next frame, or null when none came in time. */
  public @Nullable WireFrame poll(Duration patience) throws InterruptedException {
    return frames.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes frames until one fits.
   *
   * @throws TimeoutException naming what was waited for
   */
  public WireFrame await(String what, Predicate<WireFrame> fits, Duration patience)
      throws InterruptedException, TimeoutException {
    long giveUpNs = System.nanoTime() + patience.toNanos();
    while (true) {
      WireFrame frame = frames.poll(giveUpNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (frame == null) {
        throw new TimeoutException(what + " did not come in " + patience + ", closed=" + closed);
      }
      if (fits.test(frame)) {
        return frame;
      }
    }
  }

  /** How the socket ended; completes when it does. */
  public CompletableFuture<Closed> closed() {
    return closed;
  }

  /** Drops the connection as a failing network would. */
  public void abort() {
    socket.abort();
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(gone -> socket);
    }
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        if (!frames.offer(WireFrame.parse(text.toString()))) {
          from.abort();
          closed.complete(new Closed(1006, MAX_WAITING + " frames were not taken"));
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(new Closed(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(new Closed(1006, String.valueOf(error.getMessage())));
    }
  }
}
