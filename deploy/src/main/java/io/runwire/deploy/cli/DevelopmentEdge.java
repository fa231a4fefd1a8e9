package io.runwire.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** A running quickstart, asked over HTTP. */
final class DevelopmentEdge {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI url;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(DEADLINE).build();

  /**
   * @param url the edge's address, e.g. {@code http://localhost:8080}
   */
  DevelopmentEdge(URI url) {
    this.url = url;
  }

  /**
   * Asks for a token.
   *
   * @throws IllegalStateException saying that no quickstart answers there
   */
  String token(String subject, Duration ttl, List<String> threads, List<String> actions)
      throws InterruptedException {
    ObjectNode body =
        MAPPER.createObjectNode().put("subject", subject).put("ttlSeconds", ttl.toSeconds());
    threads.forEach(body.putArray("threads")::add);
    actions.forEach(body.putArray("actions")::add);
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/console/token"))
            .timeout(DEADLINE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode answer = MAPPER.readTree(response.body());
      if (response.statusCode() == 200) {
        return answer.path("token").asText();
      }
      throw new IllegalStateException(
          url + " gives no tokens: " + answer.path("detail").asText("no quickstart"));
    } catch (IOException e) {
      throw new IllegalStateException(
          "no quickstart answers at " + url + "; start deploy/quickstart or name it with --url", e);
    }
  }

  /** The edge's WebSocket address. */
  URI socket() {
    return URI.create("ws://" + url.getAuthority() + "/v1/ws");
  }
}
