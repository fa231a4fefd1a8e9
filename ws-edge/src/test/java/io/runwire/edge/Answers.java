package io.runwire.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks an edge over HTTP. */
final class Answers {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Answers() {}

  /**
   * @param headers names and values in turn
   */
  static HttpResponse<String> get(TestEdge edge, String pathAndQuery, String... headers)
      throws IOException, InterruptedException {
    return HTTP.send(to(edge, pathAndQuery, headers).GET().build(), BodyHandlers.ofString());
  }

  static CompletableFuture<HttpResponse<String>> getLater(
      TestEdge edge, String pathAndQuery, String... headers) {
    return HTTP.sendAsync(to(edge, pathAndQuery, headers).GET().build(), BodyHandlers.ofString());
  }

  static HttpResponse<String> post(
      TestEdge edge, String pathAndQuery, String body, String... headers)
      throws IOException, InterruptedException {
    return HTTP.send(
        to(edge, pathAndQuery, headers).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  static String code(HttpResponse<String> response) {
    String type = response.headers().firstValue("content-type").orElse("");
    if (!type.equals("application/problem+json")) {
      throw new AssertionError("no problem, but " + type + ": " + response.body());
    }
    JsonNode problem = json(response);
    if (problem.path("status").asInt() != response.statusCode()) {
      throw new AssertionError(response.statusCode() + " with " + problem);
    }
    return problem.path("code").asText();
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + response.body(), e);
    }
  }

  private static HttpRequest.Builder to(TestEdge edge, String pathAndQuery, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(edge.uri(pathAndQuery)).timeout(PATIENCE);
    return headers.length == 0 ? request : request.headers(headers);
  }
}
