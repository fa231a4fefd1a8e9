package io.runwire.edge.http;

import io.runwire.edge.bounds.Deadlines;
import io.runwire.edge.http.ReplayMetrics.ReplayEnd;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.Replay;
import io.runwire.edge.hub.Replay.End;
import io.runwire.edge.hub.Replay.Events;
import io.runwire.edge.hub.Replay.Missing;
import io.runwire.edge.hub.Replay.Piece;
import io.runwire.edge.hub.Replay.Scanned;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ReplayLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One replay on its way to its reader: a piece is read when the one before is written. Whatever
 * goes wrong behind the first line cuts the answer off, and the missing last line says so.
 *
 * <p>One step follows from the other, on whatever thread; {@link #cutOff} and the deadlines come
 * from others, and whoever sets {@code ended} completes the request.
 */
final class ReplayStream implements Deadlines.Watched {
  /** The header that tells where the replay ends. */
  static final String TO = "Runwire-To";

  private final Response response;
  private final Callback callback;
  private final RetrySettings retries;
  private final LongSupplier nanoTime;
  private final long tokenEndNanos;
  private final ReplayMetrics metrics;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** While a write is in flight its deadline, if that comes before the token's end. */
  private volatile long dueNanos;

  private volatile @Nullable Replay replay;
  private boolean started;

  /**
   * @param left until the token ends
   */
  ReplayStream(
      Response response,
      Callback callback,
      RetrySettings retries,
      LongSupplier nanoTime,
      Duration left,
      ReplayMetrics metrics) {
    this.response = response;
    this.callback = callback;
    this.retries = retries;
    this.nanoTime = nanoTime;
    this.tokenEndNanos = nanoTime.getAsLong() + Math.max(0, left.toNanos());
    this.dueNanos = tokenEndNanos;
    this.metrics = metrics;
  }

  void begin(CompletionStage<Replay> opening) {
    var unused =
        opening.whenComplete(
            (opened, failure) -> {
              if (opened == null) {
                fail(failure);
                return;
              }
              replay = opened;
              if (ended.get()) {
                opened.close();
              } else {
                step(opened);
              }
            });
  }

  /** Ends it before its end. */
  void cutOff(CloseCode code) {
    if (end(ReplayEnd.CUT_OFF)) {
      metrics.closed(code);
      callback.failed(new IOException("replay cut off: " + code.reason()));
    }
  }

  /** The request is over, in whatever way. */
  void closed() {
    end(ReplayEnd.GONE);
    Optional.ofNullable(replay).ifPresent(Replay::close);
  }

  @Override
  public long dueNanos() {
    return dueNanos;
  }

  @Override
  public void due(long nowNanos) {
    cutOff(nowNanos - tokenEndNanos >= 0 ? CloseCode.TOKEN_EXPIRED : CloseCode.TOO_SLOW);
  }

  private void step(Replay from) {
    var unused =
        from.next()
            .whenComplete(
                (piece, failure) -> {
                  if (piece == null) {
                    fail(failure);
                  } else {
                    write(from, piece);
                  }
                });
  }

  private void write(Replay from, Piece piece) {
    if (!started) {
      started = true;
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-ndjson");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response.getHeaders().put(TO, from.to().encode());
      response.getHeaders().put("X-Accel-Buffering", "no"); // nginx would hold the lines back
    }
    byte[] lines = lines(piece);
    long deadlineNanos = nanoTime.getAsLong() + retries.patience(lines.length).toNanos();
    dueNanos = deadlineNanos - tokenEndNanos < 0 ? deadlineNanos : tokenEndNanos;
    response.write(
        piece instanceof End,
        ByteBuffer.wrap(lines),
        Callback.from(() -> written(from, piece, lines.length), this::lost));
  }

  private void written(Replay from, Piece piece, int bytes) {
    dueNanos = tokenEndNanos;
    if (piece instanceof Events events) {
      metrics.replayed(events.entries().size(), bytes);
    }
    if (!(piece instanceof End)) {
      step(from);
    } else if (end(ReplayEnd.COMPLETE)) {
      callback.succeeded();
    }
  }

  private void lost(Throwable cause) {
    if (end(ReplayEnd.GONE)) {
      callback.failed(cause);
    }
  }

  private void fail(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    boolean badEnd = cause instanceof Replay.NoSuchEndException;
    if (!end(badEnd ? ReplayEnd.REFUSED : ReplayEnd.FAILED)) {
      return;
    }
    if (started) {
      callback.failed(new IOException("replay broken off", cause));
    } else if (badEnd) {
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, "to: not in this log");
    } else {
      Problem.write(response, callback, ErrorCode.LOG_UNAVAILABLE, "try again soon");
    }
  }

  /** Whether this was the end. */
  private boolean end(ReplayEnd how) {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      metrics.replayEnded(how);
    }
    return first;
  }

  private static byte[] lines(Piece piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (piece instanceof Events events) {
      for (LogEntry entry : events.entries()) {
        ReplayLine.event(out, entry.envelope(), entry.frame(), entry.timestampMs());
      }
    } else if (piece instanceof Missing missing) {
      text(out, missing.gap().toJson() + "\n");
    } else if (piece instanceof Scanned scanned) {
      text(out, ReplayLine.scanned(scanned.cursor()));
    } else if (piece instanceof End end) {
      text(out, ReplayLine.end(end.cursor(), end.events(), end.scanned()));
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
