package io.runwire.deploy.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What an edge tells Prometheus. */
final class Figures {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Figures() {}

  /** The sum of a counter, or gauge, over the labels that contain a text. */
  static double sum(int managementPort, String name, String labels)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + managementPort + "/metrics");
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
