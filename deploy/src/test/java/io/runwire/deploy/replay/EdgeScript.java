package io.runwire.deploy.replay;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An edge that gives the answers that a test put down, one after the other; the last one for ever.
 */
final class EdgeScript implements AutoCloseable {
  /**
   * One answer.
   *
   * @param cutOff whether it breaks off behind its body
   */
  private record Answer(int status, String body, boolean cutOff) {}

  private final HttpServer server;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  EdgeScript() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
          byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Runwire-To", "the-end");
          // More was announced than comes: the connection is closed in the middle.
          exchange.sendResponseHeaders(
              answer.status, answer.cutOff ? body.length + 1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.getResponseBody().flush();
          exchange.close();
        });
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  EdgeScript whole(String... lines) {
    answers.add(new Answer(200, String.join("\n", lines) + "\n", false));
    return this;
  }

  /** Breaks off in the middle of the last line. */
  EdgeScript cutOff(String... lines) {
    String body = String.join("\n", lines) + "\n";
    answers.add(new Answer(200, body.substring(0, Math.max(0, body.length() - 9)), true));
    return this;
  }

  EdgeScript refuses(int status, String problem) {
    answers.add(new Answer(status, problem, false));
    return this;
  }

  /** Paths and queries, in order. */
  List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
