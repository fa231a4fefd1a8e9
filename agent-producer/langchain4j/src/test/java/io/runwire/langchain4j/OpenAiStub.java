package io.runwire.langchain4j;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server that speaks as OpenAI's does, word for word what a test tells it to. */
final class OpenAiStub implements AutoCloseable {
  private static final String SSE = "text/event-stream";
  private static final String JSON = "application/json";

  private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  OpenAiStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  String url() {
    return "http://"
        + server.getAddress().getHostString()
        + ":"
        + server.getAddress().getPort()
        + "/v1";
  }

  /** The requests' bodies, in order. */
  List<String> questions() {
    return questions;
  }

  /** The next answer: one chunk per delta, then the reason why it ends. */
  void streams(String reason, String... deltas) {
    answers.add(
        exchange -> {
          try (OutputStream out = begin(exchange, SSE)) {
            for (String delta : deltas) {
              out.write(chunk(delta, "null"));
              out.flush();
            }
            out.write(chunk("{}", '"' + reason + '"'));
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** The next answer: the delta again and again, until the client hangs up. */
  void streamsForEver(String delta) {
    answers.add(
        exchange -> {
          try (OutputStream out = begin(exchange, SSE)) {
            while (!closed.await(2, TimeUnit.MILLISECONDS)) {
              out.write(chunk(delta, "null"));
              out.flush();
            }
          } catch (IOException e) {
            hungUp.countDown();
          }
        });
  }

  /** The next answer: a message as a whole. */
  void says(String message, String reason) {
    answers.add(
        exchange -> {
          try (OutputStream out = begin(exchange, JSON)) {
            String choice =
                "{\"index\":0,\"message\":" + message + ",\"finish_reason\":\"" + reason + "\"}";
            out.write(
                ("{\"id\":\"c-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"stub\","
                        + "\"choices\":["
                        + choice
                        + "]}")
                    .getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** The next answer: an HTTP error. */
  void fails(int status, String body) {
    answers.add(
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  boolean awaitHangUp() throws InterruptedException {
    return hungUp.await(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    questions.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    try {
      answers.removeFirst().to(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static OutputStream begin(HttpExchange exchange, String type) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  private static byte[] chunk(String delta, String reason) {
    return ("data: {\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"stub\",\"choices\":[{\"index\":0,\"delta\":"
            + delta
            + ",\"finish_reason\":"
            + reason
            + "}]}\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
