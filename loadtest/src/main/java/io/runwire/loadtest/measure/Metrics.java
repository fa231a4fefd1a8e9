package io.runwire.loadtest.measure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * The figures of a process, as its management port tells them.
 *
 * @param management the port's address
 */
record Metrics(URI management) {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(ANSWERS_WITHIN).build();

  /** The sum of a figure over its labels; 0 where there is none of the name. */
  double sum(String name) throws IOException, InterruptedException {
    double sum = 0;
    for (String line : scrape().lines().toList()) {
      if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return sum;
  }

  private String scrape() throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(management.resolve("/metrics")).timeout(ANSWERS_WITHIN).build(),
            BodyHandlers.ofString())
        .body();
  }
}
