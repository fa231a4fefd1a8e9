package io.runwire.loadtest.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A router or an edge.
 *
 * @param process that runs it
 * @param ready answers 200 when it does its work
 * @param kafka its own way to each broker
 */
public record Node(ChildProcess process, URI ready, List<TcpProxy> kafka) {
  private static final Duration READY_WITHIN = Duration.ofSeconds(120);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(ANSWERS_WITHIN).build();

  public Node {
    kafka = List.copyOf(kafka);
  }

  /** Returns when it does its work. */
  public void awaitReady() throws InterruptedException, TimeoutException {
    Await.until(process + " ready, see " + process.program().log(), READY_WITHIN, this::isReady);
  }

  /** Whether it does its work now. */
  boolean readyNow() throws InterruptedException {
    try {
      return isReady();
    } catch (IOException noAnswer) {
      return false;
    }
  }

  /** Changes the traffic between it and all brokers. */
  public void kafkaTraffic(Traffic traffic) {
    kafka.forEach(proxy -> proxy.set(traffic));
  }

  private boolean isReady() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(ready).timeout(ANSWERS_WITHIN).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }

  @Override
  public String toString() {
    return process.name();
  }
}
