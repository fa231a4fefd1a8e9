package io.runwire.edge;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A processor's HTTP side that answers what a test put there; 404 to everything else. */
public final class StubLedger implements AutoCloseable {
  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile CountDownLatch released = new CountDownLatch(0);

  public StubLedger() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          awaitRelease();
          Answer answer =
              answers.getOrDefault(exchange.getRequestURI().getPath(), new Answer(404, "{}"));
          byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
  }

  private void awaitRelease() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public StubLedger answer(String path, int status, String body) {
    answers.put(path, new Answer(status, body));
    return this;
  }

  /** The last path and query that was asked for. */
  public String lastAsked() {
    return asked.stream().reduce((first, second) -> second).orElse("");
  }

  /** How often it was asked. */
  public int timesAsked() {
    return asked.size();
  }

  /** Answers nothing that it is asked from now on. */
  public void hold() {
    released = new CountDownLatch(1);
  }

  /** Answers what it was asked. */
  public void release() {
    released.countDown();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
