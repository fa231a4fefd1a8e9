package io.runwire.edge.http;

import io.runwire.frame.CloseCode;
import io.runwire.frame.EventFrame;
import io.runwire.frame.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * How frames are spelled as blocks of a stream; either way {@code id} is the cursor, and a
 * heartbeat is a comment.
 *
 * <p><em>Bare</em> is for {@code curl} and the browser's own EventSource: {@code data} is the
 * agent's event. <em>Enveloped</em> ({@code ?envelope=true}) is for a client that would rather
 * speak WebSocket: {@code data} is the whole frame that a socket would carry, from {@code welcome}
 * on, with run, attempt and seq; a last block {@code {"op":"close",…}} tells the close code.
 *
 * <p>One per stream, on its delivery loop.
 */
abstract class SseForm {
  private SseForm() {}

  static SseForm bare() {
    return new Bare();
  }

  /**
   * @param heartbeat the interval of comments, for the welcome
   */
  static SseForm enveloped(Duration heartbeat) {
    return new Enveloped(heartbeat);
  }

  /** What stands before everything else. */
  abstract void start(ByteArrayOutputStream out);

  abstract void event(ByteArrayOutputStream out, EventFrame frame);

  abstract void control(ByteArrayOutputStream out, ServerFrame frame);

  abstract void close(ByteArrayOutputStream out, CloseCode code);

  private static final class Bare extends SseForm {
    private boolean live;

    @Override
    void start(ByteArrayOutputStream out) {}

    @Override
    void event(ByteArrayOutputStream out, EventFrame frame) {
      text(out, "id: ");
      bytes(out, frame.cursor());
      text(out, "\ndata: ");
      bytes(out, frame.event());
      text(out, "\n\n");
    }

    @Override
    void control(ByteArrayOutputStream out, ServerFrame frame) {
      if (frame instanceof ServerFrame.Gap gap) {
        live = false;
        text(out, "event: gap\nid: " + gap.to().encode() + "\ndata: " + frame.toJson() + "\n\n");
      } else if (frame instanceof ServerFrame.Live caughtUp) {
        String id = "id: " + caughtUp.cursor().encode();
        // Once as an event that a page can see; later only the position moves.
        text(out, live ? id + "\n\n" : "event: live\n" + id + "\ndata: " + frame.toJson() + "\n\n");
        live = true;
      } else if (frame instanceof ServerFrame.Subscribed subscribed) {
        text(out, "id: " + subscribed.cursor().encode() + "\n\n");
      } else if (frame instanceof ServerFrame.Error error) {
        text(out, ": " + error.code() + "\n\n");
      } else if (frame instanceof ServerFrame.Draining draining) {
        text(out, "retry: " + draining.retryAfterMs() + "\n\n"); // the stream ends soon
      } else {
        text(out, ":\n\n"); // the heartbeat
      }
    }

    @Override
    void close(ByteArrayOutputStream out, CloseCode code) {}
  }

  private static final class Enveloped extends SseForm {
    private final Duration heartbeat;

    Enveloped(Duration heartbeat) {
      this.heartbeat = heartbeat;
    }

    @Override
    void start(ByteArrayOutputStream out) {
      String stream = UUID.randomUUID().toString();
      control(out, new ServerFrame.Welcome(stream, heartbeat.toMillis(), Map.of()));
    }

    @Override
    void event(ByteArrayOutputStream out, EventFrame frame) {
      text(out, "id: ");
      bytes(out, frame.cursor());
      text(out, "\ndata: ");
      bytes(out, frame.text());
      text(out, "\n\n");
    }

    @Override
    void control(ByteArrayOutputStream out, ServerFrame frame) {
      if (frame instanceof ServerFrame.Pong) {
        text(out, ":\n\n");
      } else {
        text(out, position(frame) + "data: " + frame.toJson() + "\n\n");
      }
    }

    @Override
    void close(ByteArrayOutputStream out, CloseCode code) {
      text(
          out,
          "data: {\"op\":\"close\",\"code\":"
              + code.code()
              + ",\"reason\":\""
              + code.reason()
              + "\"}\n\n");
    }

    private static String position(ServerFrame frame) {
      if (frame instanceof ServerFrame.Subscribed subscribed) {
        return "id: " + subscribed.cursor().encode() + "\n";
      } else if (frame instanceof ServerFrame.Live caughtUp) {
        return "id: " + caughtUp.cursor().encode() + "\n";
      }
      return frame instanceof ServerFrame.Gap gap ? "id: " + gap.to().encode() + "\n" : "";
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(ByteArrayOutputStream out, ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    out.writeBytes(bytes);
  }
}
