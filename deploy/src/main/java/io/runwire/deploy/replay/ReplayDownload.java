package io.runwire.deploy.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Fetches a replay from an edge. An answer without its last line was cut off: the rest is asked for
 * behind the last line that came whole, up to the end that the first answer fixed, so the total is
 * that of one answer. Holds one line at a time. One thread downloads; any may ask how far it is.
 */
public final class ReplayDownload {
  /** Interruptions in a row, without a line between them, before it is given up. */
  private static final int MOST_INTERRUPTIONS = 6;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Until the answer begins: the edge looks up the run, and its readers may be busy. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Gives a token that is good now. */
  public interface Tokens {
    String token() throws InterruptedException;
  }

  /** Waits between two attempts; a test's does not. */
  public interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  private final URI path;
  private final Map<String, String> query;
  private final Tokens tokens;
  private final Pause pause;
  private final ReplayProgress progress = new ReplayProgress();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private int interruptions;

  /**
   * @param edge its address, e.g. {@code http://localhost:8080}
   * @param query of the replay: after, from, at, to, run
   */
  public ReplayDownload(
      URI edge, String thread, Map<String, String> query, Tokens tokens, Pause pause) {
    this.path = edge.resolve("/v1/threads/" + thread + "/events");
    this.query = Map.copyOf(query);
    this.tokens = tokens;
    this.pause = pause;
  }

  /**
   * Reads all of it.
   *
   * @return whether it is whole; if not, {@link #cursor} tells where to go on
   * @throws ReplayRefusedException if the edge will not give it
   * @throws IOException if {@code reader} fails
   */
  public boolean read(ReplayReader reader)
      throws IOException, InterruptedException, ReplayRefusedException {
    int inARow = 0;
    while (inARow <= MOST_INTERRUPTIONS) {
      if (inARow > 0) {
        pause.pause(FIRST_PAUSE.multipliedBy(1L << (inARow - 1)));
      }
      Optional<String> before = progress.cursor();
      if (attempt(reader)) {
        return true;
      }
      interruptions++;
      inARow = progress.cursor().equals(before) ? inARow + 1 : 1;
    }
    return false;
  }

  /** Behind the last line that came whole. */
  public Optional<String> cursor() {
    return progress.cursor();
  }

  /** Records so far. */
  public long events() {
    return progress.events();
  }

  /**
   * Records of the partition that the edge looked at; of answers that were cut off it is not known.
   */
  public long scanned() {
    return progress.scanned();
  }

  /** Whether records were missing. */
  public boolean gaps() {
    return progress.gaps();
  }

  /** How often it was cut off. */
  public int interruptions() {
    return interruptions;
  }

  /** Whether it came to the end. */
  private boolean attempt(ReplayReader reader)
      throws IOException, InterruptedException, ReplayRefusedException {
    HttpResponse<InputStream> response;
    try {
      response = http.send(request(), BodyHandlers.ofInputStream());
    } catch (IOException notReached) {
      return false;
    }
    try (InputStream body = new BufferedInputStream(response.body())) {
      if (response.statusCode() != 200) {
        return refused(response.statusCode(), body);
      }
      response.headers().firstValue("Runwire-To").ifPresent(progress::endsAt);
      return lines(body, reader);
    }
  }

  private HttpRequest request() throws InterruptedException {
    String first =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    String run = query.containsKey("run") ? "&run=" + query.get("run") : "";
    String asked = progress.rest().map(rest -> rest + run).orElse(first);
    return HttpRequest.newBuilder(URI.create(path + (asked.isEmpty() ? "" : "?" + asked)))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + tokens.token())
        .header("Accept", "application/x-ndjson")
        .build();
  }

  private static boolean refused(int status, InputStream body) throws ReplayRefusedException {
    if (status == 503 || status == 429 || status == 502 || status == 504) {
      return false; // somebody between, or the edge itself, says: later
    }
    String said;
    try {
      JsonNode problem = MAPPER.readTree(body.readNBytes(1 << 16));
      said = problem.path("code").asText() + ", " + problem.path("detail").asText();
    } catch (IOException noProblemDocument) {
      said = "no reason given";
    }
    throw new ReplayRefusedException("the edge answers " + status + ": " + said);
  }

  private boolean lines(InputStream body, ReplayReader reader)
      throws IOException, InterruptedException {
    for (Optional<byte[]> line = line(body); line.isPresent(); line = line(body)) {
      JsonNode json;
      try {
        json = MAPPER.readTree(line.get());
      } catch (JsonProcessingException notWhole) {
        return false;
      }
      switch (json.path("op").asText("record")) {
        case "record" -> {
          ReplayRecord record = new ReplayRecord(line.get(), json);
          reader.record(record);
          progress.record(record);
        }
        case "gap" -> {
          reader.gap(json);
          progress.gap(json.path("to").asText());
        }
        case "end" -> {
          progress.ended(json.path("cursor").asText(), json.path("scanned").asLong());
          reader.end(json.path("cursor").asText(), progress.events());
          return true;
        }
        default -> {
          if (json.has("cursor")) {
            progress.movedTo(json.path("cursor").asText());
          }
        }
      }
    }
    return false;
  }

  /** The next line that came whole; empty where the body ends or breaks off. */
  private static Optional<byte[]> line(InputStream body) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = body.read(); b >= 0; b = body.read()) {
        if (b == '\n') {
          return Optional.of(line.toByteArray());
        }
        line.write(b);
      }
    } catch (IOException brokenOff) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static String encoded(String value) {
    return java.net.URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
