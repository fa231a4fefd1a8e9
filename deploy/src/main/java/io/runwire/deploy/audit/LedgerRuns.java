package io.runwire.deploy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a processor's ledger where runs lie in the log. */
public final class LedgerRuns {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Where a run lies.
   *
   * @param partition of thread-events
   * @param firstOffset inclusive
   * @param lastOffset inclusive
   */
  public record Place(
      String thread, String run, String status, int partition, long firstOffset, long lastOffset) {}

  private final URI ledger;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();

  /**
   * @param ledger the processor's address, without a path
   */
  public LedgerRuns(URI ledger) {
    this.ledger = ledger;
  }

  /** Where a run lies, if the ledger knows it. */
  public Optional<Place> run(String run) throws IOException, InterruptedException {
    return get("/v1/runs/" + run).map(LedgerRuns::place);
  }

  /** Where the runs of a thread lie, in the order of the ledger. */
  public List<Place> ofThread(String thread) throws IOException, InterruptedException {
    List<Place> places = new ArrayList<>();
    get("/v1/threads/" + thread + "/runs?limit=500")
        .ifPresent(answer -> answer.path("runs").forEach(row -> places.add(place(row))));
    return places;
  }

  private Optional<JsonNode> get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response;
    try {
      response =
          http.send(
              HttpRequest.newBuilder(ledger.resolve(path)).timeout(ANSWER_WITHIN).build(),
              BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException(ledger + " gives no answer (the processor's port): " + e, e);
    }
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          ledger.resolve(path) + ": " + response.statusCode() + " " + response.body());
    }
    return Optional.of(MAPPER.readTree(response.body()));
  }

  private static Place place(JsonNode row) {
    return new Place(
        row.path("thread").asText(),
        row.path("run").asText(),
        row.path("status").asText(),
        row.path("partition").asInt(-1),
        row.path("firstOffset").asLong(-1),
        row.path("lastOffset").asLong(-1));
  }
}
