package io.runwire.edge.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A response whose writes end when the test says so. */
final class RecordedResponse implements Response {
  private final HttpFields.Mutable headers = HttpFields.build();
  private final StringBuilder body = new StringBuilder();
  private final Deque<Callback> pending = new ArrayDeque<>();
  private int status;
  private boolean ended;

  String body() {
    return body.toString();
  }

  /** Whether the last write has been handed in. */
  boolean ended() {
    return ended;
  }

  void succeed() {
    pending.removeFirst().succeeded();
  }

  void fail() {
    pending.removeFirst().failed(new IllegalStateException("reset by peer"));
  }

  @Override
  public void write(boolean last, @Nullable ByteBuffer bytes, Callback callback) {
    if (!pending.isEmpty() || ended) {
      throw new AssertionError("a write began behind another one, or behind the last");
    }
    if (bytes != null) {
      body.append(StandardCharsets.UTF_8.decode(bytes));
    }
    ended = last;
    pending.addLast(callback);
  }

  @Override
  public int getStatus() {
    return status;
  }

  @Override
  public void setStatus(int code) {
    status = code;
  }

  @Override
  public HttpFields.Mutable getHeaders() {
    return headers;
  }

  @Override
  public Request getRequest() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Supplier<HttpFields> getTrailersSupplier() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setTrailersSupplier(Supplier<HttpFields> trailers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isCommitted() {
    return body.length() > 0;
  }

  @Override
  public boolean hasLastWrite() {
    return ended;
  }

  @Override
  public boolean isCompletedSuccessfully() {
    return ended && pending.isEmpty();
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Void> writeInterim(int code, HttpFields fields) {
    throw new UnsupportedOperationException();
  }
}
