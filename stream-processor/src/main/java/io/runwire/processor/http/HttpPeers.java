package io.runwire.processor.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.processor.ledger.Ledger.ThreadRuns;
import io.runwire.processor.ledger.LedgerPosition;
import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.LedgerUnavailableException;
import io.runwire.processor.ledger.Peers;
import io.runwire.processor.ledger.RunFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Asks other processors at their ledger's port, for partitions that the header {@link #PARTITIONS}
 * names; a request with that header is never forwarded again.
 */
public final class HttpPeers implements Peers {
  /** The partitions that a processor is asked for; numbers with commas between. */
  static final String PARTITIONS = "Runwire-Partitions";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .build();

  @Override
  public CompletableFuture<Optional<LedgerRow>> run(
      HostInfo peer, Set<Integer> partitions, String run) {
    return get(peer, partitions, "/v1/runs/" + run)
        .thenApply(
            answer ->
                answer.statusCode() == 404 ? Optional.empty() : Optional.of(row(json(answer))));
  }

  @Override
  public CompletableFuture<Runs> runs(HostInfo peer, Set<Integer> partitions, RunFilter wanted) {
    return get(peer, partitions, "/v1/runs?" + RunsQuery.write(wanted))
        .thenApply(
            answer -> {
              JsonNode body = json(answer);
              return new Runs(rows(body), body.path("partial").asBoolean());
            });
  }

  @Override
  public CompletableFuture<ThreadRuns> runsOf(
      HostInfo peer, Set<Integer> partitions, String thread, RunFilter wanted) {
    return get(peer, partitions, "/v1/threads/" + thread + "/runs?" + RunsQuery.write(wanted))
        .thenApply(
            answer -> {
              JsonNode body = json(answer);
              LedgerPosition position =
                  new LedgerPosition(
                      body.path("position").asLong(), body.path("sourceFloor").asLong());
              return new ThreadRuns(position, rows(body));
            });
  }

  private CompletableFuture<HttpResponse<byte[]>> get(
      HostInfo peer, Set<Integer> partitions, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + peer.host() + ":" + peer.port() + path))
            .header(
                PARTITIONS,
                partitions.stream().map(String::valueOf).collect(Collectors.joining(",")))
            .timeout(ANSWER_WITHIN)
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      throw new LedgerUnavailableException(answer.uri() + " answered " + answer.statusCode(), null);
    }
    try {
      return MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(answer.uri() + " answered no JSON", e);
    }
  }

  private static List<LedgerRow> rows(JsonNode body) {
    List<LedgerRow> rows = new ArrayList<>();
    body.path("runs").forEach(row -> rows.add(row(row)));
    return rows;
  }

  private static LedgerRow row(JsonNode row) {
    try {
      return MAPPER.treeToValue(row, LedgerRow.class);
    } catch (IOException e) {
      throw new UncheckedIOException("not a ledger row: " + row, e);
    }
  }
}
