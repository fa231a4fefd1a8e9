package io.runwire.edge.http;

import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.Outlet;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes what the hub sends as server-sent events, in the {@link SseForm} that was asked for. The
 * response begins with the first thing that is no error; an error before that is a problem
 * document. Called on the connection's delivery loop.
 */
final class SseOutlet implements Outlet {
  private final Response response;
  private final Callback callback;
  private final Optional<String> run;
  private final SseForm form;

  /** The request ends once: whoever sets this completes its callback. */
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Set on the loop, cleared by whoever completes the write. */
  private volatile boolean writing;

  private boolean started;
  private boolean runEnded;

  /**
   * @param run ends the stream with this run's final terminal event
   */
  SseOutlet(Response response, Callback callback, Optional<String> run, SseForm form) {
    this.response = response;
    this.callback = callback;
    this.run = run;
    this.form = form;
  }

  @Override
  public void write(List<Outgoing> batch, Written written) {
    if (runEnded) {
      written.failed(new IllegalStateException("the stream has ended"));
      return;
    }
    ByteArrayOutputStream out = opening();
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
    writing = true;
    response.write(runEnded, ByteBuffer.wrap(out.toByteArray()), new Completion(written, runEnded));
  }

  /**
   * A bare stream has no close code: it ends, and the browser comes back with its last id. A peer
   * that does not read what was written before is cut off.
   */
  @Override
  public void close(CloseCode code) {
    if (writing) {
      abort(code);
    } else if (ended.compareAndSet(false, true)) {
      ByteArrayOutputStream out = opening();
      form.close(out, code);
      start();
      response.write(true, ByteBuffer.wrap(out.toByteArray()), callback);
    }
  }

  @Override
  public void abort(CloseCode code) {
    fail(new IOException("closed with a write in flight: " + code.reason()));
  }

  private void fail(Throwable cause) {
    if (ended.compareAndSet(false, true)) {
      callback.failed(cause);
    }
  }

  /** What is written next begins with this. */
  private ByteArrayOutputStream opening() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!started) {
      form.start(out);
    }
    return out;
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
      form.event(out, entry.frame());
      runEnded =
          run.isPresent() && run.get().equals(entry.envelope().run()) && entry.envelope().ends();
    } else {
      form.control(out, ((Control) outgoing).frame());
    }
  }

  /** The end of a write; a failure ends the request, and so does the success of the last one. */
  private final class Completion implements Callback {
    private final Written written;
    private final boolean last;

    Completion(Written written, boolean last) {
      this.written = written;
      this.last = last;
    }

    @Override
    public void succeeded() {
      writing = false;
      written.succeeded();
      if (last && ended.compareAndSet(false, true)) {
        callback.succeeded();
      }
    }

    @Override
    public void failed(Throwable cause) {
      writing = false;
      written.failed(cause);
      fail(cause);
    }
  }
}
