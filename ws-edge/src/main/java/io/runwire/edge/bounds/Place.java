package io.runwire.edge.bounds;

import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one connection takes up on the node. Its state belongs to {@link Places}. */
public final class Place {
  /** What a connection is to its client. */
  public enum Kind {
    WEBSOCKET,
    SSE,
    REPLAY
  }

  enum State {
    OUTSIDE,
    UNAUTHENTICATED,
    SETTLED,
    LEFT
  }

  private final Kind kind;
  private final Network from;
  private final Optional<String> name;
  private final Consumer<CloseCode> closing;
  private final Consumer<ServerFrame> telling;

  // Guarded by the monitor of Places.
  State state = State.OUTSIDE;
  @Nullable String user;

  /**
   * A place that is not taken yet.
   *
   * @param closing closes the connection; must not wait
   * @param telling sends the connection a frame; must not wait
   */
  public Place(
      Kind kind, Network from, Consumer<CloseCode> closing, Consumer<ServerFrame> telling) {
    this(kind, from, Optional.empty(), closing, telling);
  }

  /**
   * A place that is not taken yet.
   *
   * @param name what its user calls it; whoever takes it after him takes it from him
   * @param closing closes the connection; must not wait
   * @param telling sends the connection a frame; must not wait
   */
  public Place(
      Kind kind,
      Network from,
      Optional<String> name,
      Consumer<CloseCode> closing,
      Consumer<ServerFrame> telling) {
    this.kind = kind;
    this.from = from;
    this.name = name;
    this.closing = closing;
    this.telling = telling;
  }

  Kind kind() {
    return kind;
  }

  Network from() {
    return from;
  }

  /** Whether the user gave both the same name. */
  boolean isCalledLike(Place other) {
    return name.isPresent() && name.equals(other.name);
  }

  /** Closes the connection. */
  public void close(CloseCode code) {
    closing.accept(code);
  }

  /** Sends the connection a frame. */
  public void tell(ServerFrame frame) {
    telling.accept(frame);
  }
}
