package io.runwire.deploy.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks an edge which runs there are, as far as a token may see them. */
public final class EdgeRuns {
  /** Rows that an edge gives at most. */
  public static final int MOST = 500;

  /**
   * What was found.
   *
   * @param partial whether not all of the ledger was looked at
   */
  public record Found(List<JsonNode> rows, boolean partial) {}

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI edge;
  private final String token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();

  /**
   * @param token with the right {@code ledger}
   */
  public EdgeRuns(URI edge, String token) {
    this.edge = edge;
    this.token = token;
  }

  /** One run; empty where there is none that the token may see. */
  public Optional<JsonNode> run(String run) throws IOException, InterruptedException {
    return get("/v1/runs/" + run);
  }

  /** Runs of a thread. */
  public List<JsonNode> ofThread(String thread) throws IOException, InterruptedException {
    return rows(get("/v1/threads/" + thread + "/runs"));
  }

  /**
   * Runs of all threads, the latest {@value #MOST} that the ledger gives.
   *
   * @param filter what is asked for: status, agent, error, since, until
   */
  public Found all(Map<String, String> filter) throws IOException, InterruptedException {
    String only =
        filter.entrySet().stream()
            .map(each -> "&" + each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
            .collect(Collectors.joining());
    Optional<JsonNode> answer = get("/v1/runs?limit=" + MOST + only);
    return new Found(
        rows(answer), answer.filter(found -> found.path("partial").asBoolean()).isPresent());
  }

  private Optional<JsonNode> get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(edge.resolve(path))
                .timeout(ANSWER_WITHIN)
                .header("Authorization", "Bearer " + token)
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          edge.resolve(path) + ": " + response.statusCode() + " " + response.body());
    }
    return Optional.of(MAPPER.readTree(response.body()));
  }

  private static List<JsonNode> rows(Optional<JsonNode> answer) {
    List<JsonNode> rows = new ArrayList<>();
    answer.ifPresent(found -> found.path("runs").forEach(rows::add));
    return rows;
  }
}
