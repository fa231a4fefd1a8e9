package io.runwire.edge.http;

import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.Outlet;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes what the hub sends as server-sent events: the cursor as {@code id}, the agent's bytes as
 * {@code data}. The response begins with the first thing that is no error; an error before that is
 * a problem document. Called on the connection's delivery loop.
 */
final class SseOutlet implements Outlet {
  private final Response response;
  private final Callback callback;
  private final Optional<String> run;

  /** The request ends once: whoever sets this completes its callback. */
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Set on the loop, cleared by whoever completes the write. */
  private volatile boolean writing;

  private boolean started;
  private boolean runEnded;
  private boolean live;

  /**
   * @param run ends the stream with this run's final terminal event
   */
  SseOutlet(Response response, Callback callback, Optional<String> run) {
    this.response = response;
    this.callback = callback;
    this.run = run;
  }

  @Override
  public void write(List<Outgoing> batch, Written written) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Outgoing outgoing : batch) {
      if (outgoing instanceof Control control
          && control.frame() instanceof ServerFrame.Error error
          && !started) {
        if (ended.compareAndSet(false, true)) {
          Problem.write(response, callback, error.code(), error.message());
        }
        written.failed(new IllegalStateException(error.code().name()));
        return;
      }
      append(out, outgoing);
      if (runEnded) {
        break;
      }
    }
    start();
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
    if (!runEnded) {
      writing = true;
      response.write(false, bytes, new Completion(written));
    } else if (ended.compareAndSet(false, true)) {
      response.write(true, bytes, Callback.from(written::succeeded, callback));
    } else {
      written.failed(new IllegalStateException("the stream has ended"));
    }
  }

  /**
   * A stream has no close code: it ends, and the browser comes back with its last id. A peer that
   * does not read what was written before is cut off.
   */
  @Override
  public void close(CloseCode code) {
    if (writing) {
      fail(new IOException("closed with a write in flight: " + code.reason()));
    } else if (ended.compareAndSet(false, true)) {
      start();
      response.write(true, ByteBuffer.allocate(0), callback);
    }
  }

  private void fail(Throwable cause) {
    if (ended.compareAndSet(false, true)) {
      callback.failed(cause);
    }
  }

  private void start() {
    if (!started) {
      started = true;
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response.getHeaders().put("X-Accel-Buffering", "no"); // nginx would hold the events back
    }
  }

  private void append(ByteArrayOutputStream out, Outgoing outgoing) {
    if (outgoing instanceof Event event) {
      LogEntry entry = event.entry();
      text(out, "id: ");
      bytes(out, entry.frame().cursor());
      text(out, "\ndata: ");
      bytes(out, entry.frame().event());
      text(out, "\n\n");
      runEnded =
          run.isPresent() && run.get().equals(entry.envelope().run()) && entry.envelope().ends();
      return;
    }
    ServerFrame frame = ((Control) outgoing).frame();
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
    } else {
      text(out, ":\n\n"); // the heartbeat
    }
  }

  /** The end of a write behind which the stream goes on; a failure ends the request, too. */
  private final class Completion implements Callback {
    private final Written written;

    Completion(Written written) {
      this.written = written;
    }

    @Override
    public void succeeded() {
      writing = false;
      written.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      writing = false;
      written.failed(cause);
      fail(cause);
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
