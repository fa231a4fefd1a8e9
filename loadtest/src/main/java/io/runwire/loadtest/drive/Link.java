package io.runwire.loadtest.drive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.frame.CloseCode;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lasting link of one client to the edges: one line after the other, to one edge after the
 * other, until a close code says not to come back. It does not know what the frames are about.
 *
 * <pre>
 * WAITING ──back-off over──▶ DIALLING ──welcome──▶ UP ──lost, silent──▶ WAITING
 *    ▲                           └──10 s, lost────────────────────────────▲
 *    └ from the start, at once          UP, DIALLING ──a code that says so──▶ OVER
 * </pre>
 *
 * <p>Silence for one heartbeat is answered by a ping; silence for one more is a loss. A link that
 * was told to stop reading hears nothing by its own fault, and does not judge.
 */
final class Link implements Line.User {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final long DIAL_DEADLINE_MS = 10_000;
  private static final long DEFAULT_HEARTBEAT_MS = 20_000;
  private static final long RATE_PAUSE_MS = 5_000;
  private static final long LONGEST_DRAIN_PAUSE_MS = 60_000;

  /** A line that was up for so long is no sign of trouble when it ends. */
  private static final long STABLE_MS = 10_000;

  private enum Phase {
    WAITING,
    DIALLING,
    UP,
    OVER
  }

  /** Whom the link serves. */
  interface User {
    void up(URI edge);

    void event(EventHead event);

    /** Any other frame. */
    void frame(JsonNode frame) throws WireViolation;

    /** A line is lost that was up; another one will come. */
    void down(int code);

    /**
     * The last call.
     *
     * @param wasUp whether the line that ended was up
     */
    void over(int code, String reason, boolean wasUp);
  }

  private final List<URI> edges;
  private final Supplier<String> token;
  private final Line.Dialer dialer;
  private final Clocks clocks;
  private final DoubleSupplier random;
  private final User user;
  private final Backoff backoff;
  private int next;

  private Phase phase = Phase.WAITING;
  private @Nullable Line line; // while DIALLING and UP
  private URI edge;
  private long untilMs; // WAITING: until then; DIALLING: the deadline
  private long upSinceMs;
  private long heardMs;
  private Optional<Long> pingedMs = Optional.empty();
  private long heartbeatMs = DEFAULT_HEARTBEAT_MS;
  private double drainPauseMs;
  private boolean reading = true;
  private boolean closing;

  /**
   * @param edges {@code ws://host:port/v1/ws}, tried in turn
   * @param first the index of the edge to begin with
   * @param token asked before each line
   * @param random from 0, inclusive, to 1
   */
  Link(
      List<URI> edges,
      int first,
      Supplier<String> token,
      Line.Dialer dialer,
      Clocks clocks,
      DoubleSupplier random,
      User user) {
    this.edges = edges;
    this.next = first;
    this.edge = edges.get(first % edges.size());
    this.token = token;
    this.dialer = dialer;
    this.clocks = clocks;
    this.random = random;
    this.user = user;
    this.backoff = new Backoff(random);
    this.untilMs = now();
  }

  boolean isUp() {
    return phase == Phase.UP;
  }

  /** Whether there will be no line any more. */
  boolean isOver() {
    return phase == Phase.OVER;
  }

  boolean isReading() {
    return reading;
  }

  void send(String text) {
    if (line != null) {
      line.send(text);
    }
  }

  /** Stops or resumes reading; the next lines are read as far as the welcome. */
  void read(boolean on) {
    reading = on;
    heardMs = now();
    pingedMs = Optional.empty();
    if (phase == Phase.UP && line != null) {
      line.read(on);
    }
  }

  /** Loses the line there is; what follows is what follows any loss. */
  void drop() {
    if (phase == Phase.DIALLING || phase == Phase.UP) {
      abandon("dropped on request");
    }
  }

  /** Says goodbye; {@link User#over} follows. */
  void close() {
    if (line != null) {
      closing = true;
      line.close();
    } else if (phase != Phase.OVER) {
      end(CloseCode.NORMAL.code(), "closed on request");
    }
  }

  /** Time passes. */
  void tick(long nowMs) {
    switch (phase) {
      case WAITING -> {
        if (nowMs >= untilMs) {
          dial(nowMs);
        }
      }
      case DIALLING -> {
        if (nowMs >= untilMs) {
          abandon("no welcome in time");
        }
      }
      case UP -> listen(nowMs);
      case OVER -> {}
    }
  }

  @Override
  public void opened() {
    send(ClientJson.auth(token.get()));
  }

  @Override
  public void heard() {
    heardMs = now();
    pingedMs = Optional.empty();
  }

  @Override
  public void text(ByteBuffer message) throws WireViolation {
    Optional<EventHead> event;
    try {
      event = EventHead.read(message);
    } catch (IllegalArgumentException e) {
      throw new WireViolation(WireViolation.PROTOCOL, String.valueOf(e.getMessage()));
    }
    if (event.isPresent()) {
      user.event(event.get());
    } else {
      control(parse(message));
    }
  }

  @Override
  public void closed(int code, String reason) {
    boolean wasUp = phase == Phase.UP;
    line = null;
    CloseVerdict verdict = CloseVerdict.on(code);
    if (closing || verdict == CloseVerdict.END) {
      end(closing ? CloseCode.NORMAL.code() : code, reason);
      return;
    }
    long nowMs = now();
    if (wasUp && nowMs - upSinceMs >= STABLE_MS) {
      backoff.reset();
    }
    long pauseMs = backoff.nextMs();
    if (verdict == CloseVerdict.RECONNECT_LATER) {
      pauseMs += RATE_PAUSE_MS;
    }
    // The back-off stays the lower bound, or a node that drains for ever is dialled for ever.
    pauseMs = Math.max(pauseMs, (long) (random.getAsDouble() * drainPauseMs));
    drainPauseMs = 0;
    phase = Phase.WAITING;
    untilMs = nowMs + pauseMs;
    if (wasUp) {
      user.down(code);
    }
  }

  private void control(JsonNode frame) throws WireViolation {
    switch (frame.path("op").asText()) {
      case "welcome" -> welcomed(frame);
      case "draining" ->
          drainPauseMs =
              Math.min(LONGEST_DRAIN_PAUSE_MS, Math.max(0, frame.path("retryAfterMs").asLong()));
      default -> user.frame(frame);
    }
  }

  private void welcomed(JsonNode welcome) {
    if (phase != Phase.DIALLING) {
      return;
    }
    phase = Phase.UP;
    upSinceMs = now();
    long named = welcome.path("heartbeatMs").asLong();
    heartbeatMs = named > 0 ? named : DEFAULT_HEARTBEAT_MS;
    user.up(edge);
    if (!reading && line != null) {
      line.read(false);
    }
  }

  private void dial(long nowMs) {
    edge = edges.get(next++ % edges.size());
    phase = Phase.DIALLING;
    untilMs = nowMs + DIAL_DEADLINE_MS;
    pingedMs = Optional.empty();
    line = dialer.dial(edge, this);
  }

  private void listen(long nowMs) {
    if (!reading) {
      return;
    }
    if (pingedMs.isEmpty()) {
      if (nowMs - heardMs >= heartbeatMs) {
        pingedMs = Optional.of(nowMs);
        send(ClientJson.PING);
      }
    } else if (nowMs - pingedMs.get() >= heartbeatMs) {
      abandon("silent for two heartbeats");
    }
  }

  private void abandon(String reason) {
    if (line != null) {
      line.drop();
    }
    closed(Line.LOST, reason);
  }

  private void end(int code, String reason) {
    boolean wasUp = phase == Phase.UP;
    phase = Phase.OVER;
    line = null;
    user.over(code, reason, wasUp);
  }

  private long now() {
    return clocks.monotonicMs().getAsLong();
  }

  private static JsonNode parse(ByteBuffer message) throws WireViolation {
    String text = StandardCharsets.UTF_8.decode(message.duplicate()).toString();
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new WireViolation(WireViolation.PROTOCOL, "not JSON: " + text);
    }
  }
}
