package io.runwire.edge;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads a stream of server-sent events, block by block, as the bytes say. */
final class SseClient implements AutoCloseable {
  private static final String END = "(the end)";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<String> blocks = new LinkedBlockingQueue<>();
  private final HttpResponse<InputStream> response;

  private SseClient(HttpResponse<InputStream> response) {
    this.response = response;
    Thread reader = new Thread(this::read, "sse-client");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * @param headers names and values in turn
   */
  static SseClient open(TestEdge edge, String pathAndQuery, String token, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(edge.uri(pathAndQuery))
            .timeout(PATIENCE)
            .header("Accept", "text/event-stream")
            .header("Authorization", "Bearer " + token);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response = HTTP.send(request.build(), BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new AssertionError(response.toString());
    }
    return new SseClient(response);
  }

  /** The next block, without the blank line behind it. */
  String next() throws InterruptedException {
    String block = blocks.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (block == null) {
      throw new AssertionError("nothing came");
    }
    return block;
  }

  /** Whether the stream ends here. */
  boolean ended() throws InterruptedException {
    return next().equals(END);
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }

  private void read() {
    try (Scanner scanner = new Scanner(response.body(), StandardCharsets.UTF_8)) {
      scanner.useDelimiter("\n\n");
      while (scanner.hasNext()) {
        blocks.add(scanner.next());
      }
    }
    blocks.add(END);
  }
}
