package io.runwire.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of {@code runwire.v1} as the JDK makes it: frames in the order in which they came. */
public final class SocketClient implements WebSocket.Listener, AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How the client introduces itself. */
  public record Introduction(String query, Map<String, String> headers, List<String> subprotocols) {
    public static Introduction plain() {
      return new Introduction("", Map.of(), List.of("runwire.v1"));
    }

    public Introduction query(String text) {
      return new Introduction(text, headers, subprotocols);
    }

    public Introduction bearer(String token) {
      return new Introduction(query, Map.of("Authorization", "Bearer " + token), subprotocols);
    }

    public Introduction subprotocols(String... offered) {
      return new Introduction(query, headers, List.of(offered));
    }
  }

  private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> controls = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  private SocketClient(TestEdge edge, Introduction introduction, HttpClient http) throws Exception {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    List<String> offered = introduction.subprotocols;
    builder.subprotocols(offered.get(0), offered.subList(1, offered.size()).toArray(String[]::new));
    introduction.headers.forEach(builder::header);
    socket =
        builder
            .buildAsync(edge.socketUri(introduction.query), this)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public static SocketClient open(TestEdge edge, Introduction introduction) throws Exception {
    return open(edge, introduction, HTTP);
  }

  /** By a client of one's own, which may trust another certificate. */
  public static SocketClient open(TestEdge edge, Introduction introduction, HttpClient http)
      throws Exception {
    return new SocketClient(edge, introduction, http);
  }

  /** Opens a socket and authenticates with a frame; the welcome has been taken. */
  public static SocketClient authenticated(TestEdge edge, String token) throws Exception {
    SocketClient client = open(edge, Introduction.plain());
    client.auth(token);
    client.expect("welcome");
    return client;
  }

  public SocketClient send(String frame) {
    socket.sendText(frame, true).join();
    return this;
  }

  public SocketClient auth(String token) {
    return send("{\"op\":\"auth\",\"token\":\"" + token + "\"}");
  }

  /** {@code rest} are further fields, e.g. {@code "from":"earliest"}. */
  public SocketClient subscribe(int id, String thread, String rest) {
    return send(
        "{\"op\":\"subscribe\",\"id\":"
            + id
            + ",\"thread\":\""
            + thread
            + "\""
            + (rest.isEmpty() ? "" : "," + rest)
            + "}");
  }

  /** The next frame, which must be of that op. */
  public JsonNode expect(String op) throws Exception {
    return parse(expectText(op));
  }

  public String expectText(String op) throws Exception {
    String frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no " + op + " came; closed with " + closed.getNow(0));
    }
    if (!parse(frame).path("op").asText().equals(op)) {
      throw new AssertionError("expected " + op + ", got " + frame);
    }
    return frame;
  }

  /** The code with which the socket is closed; frames that come before are passed over. */
  public int closeCode() throws InterruptedException, ExecutionException, TimeoutException {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Sends a ping of the WebSocket protocol. */
  SocketClient sendPing(String payload) {
    socket.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))).join();
    return this;
  }

  SocketClient sendBinary(byte... bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    return this;
  }

  /** Says goodbye. */
  void sendClose() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
  }

  /** The next WebSocket ping or pong: its name and payload. */
  public String control() throws InterruptedException {
    return String.valueOf(controls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  /** Shows that the socket still lives: asks, and takes the answer. */
  public void exchangePing() throws Exception {
    send("{\"op\":\"ping\"}").expect("pong");
  }

  WebSocket socket() {
    return socket;
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      frames.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer payload) {
    controls.add("ping");
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
    controls.add("pong " + StandardCharsets.UTF_8.decode(payload));
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }

  private static JsonNode parse(String frame) throws JsonProcessingException {
    return MAPPER.readTree(frame);
  }
}
