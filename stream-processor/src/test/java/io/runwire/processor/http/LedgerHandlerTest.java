package io.runwire.processor.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.processor.ledger.Ledger;
import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.processor.ledger.Ledger.ThreadRuns;
import io.runwire.processor.ledger.LedgerPosition;
import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.LedgerUnavailableException;
import io.runwire.processor.ledger.RunFailure;
import io.runwire.processor.ledger.RunFilter;
import io.runwire.processor.ledger.RunStatus;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerHandlerTest {
  private static final LedgerRow ROW =
      new LedgerRow(
          "r1",
          "t.1",
          2,
          RunStatus.ERROR,
          1_000,
          2_000L,
          7,
          new RunFailure("it broke", "BROKEN"),
          60_000L,
          3,
          40,
          50,
          60,
          7,
          2_000,
          1_000,
          "planner");

  private static final KnownRuns ledger = new KnownRuns();
  private static final HttpPort port =
      HttpPort.open(
          "http.port", "127.0.0.1", 0, new LedgerHandler(ledger, LedgerHandlerTest::here));
  private static volatile Set<Integer> here = Set.of();
  private static final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void available() {
    ledger.available = true;
  }

  @AfterAll
  static void close() {
    port.close();
  }

  @Test
  void listsRunsAsTheContractSays() throws Exception {
    assertThat(get(200, "/v1/runs"))
        .isEqualTo(
            json(
                "{'runs':[{'run':'r1','thread':'t.1','attempt':2,'status':'ERROR','startedAt':1000,"
                    + "'endedAt':2000,'events':7,'error':{'message':'it broke','code':'BROKEN'},"
                    + "'timeoutMs':60000,'partition':3,'firstOffset':40,'firstSourceOffset':50,"
                    + "'lastOffset':60,'lastSeq':7,'lastAt':2000,'activeMs':1000,'agent':'planner'}]}"));
    assertThat(ledger.asked).isEqualTo("all " + EnumSet.allOf(RunStatus.class) + " 50");
  }

  @Test
  void takesStatusesAndALimit() throws Exception {
    get(200, "/v1/runs?status=RUNNING&limit=500");
    assertThat(ledger.asked).isEqualTo("all [RUNNING] 500");
    get(200, "/v1/threads/t.1/runs?status=RUNNING,RETRYING&limit=1");
    assertThat(ledger.asked).isEqualTo("t.1 [RUNNING, RETRYING] 1");
  }

  @Test
  void takesAnAgentAnErrorAndASpanOfTime() throws Exception {
    get(
        200,
        "/v1/runs?agent=Research%20Agent&error=time&since=1970-01-01T00:00:01Z"
            + "&until=1970-01-01T01:00:02%2B01:00");
    assertThat(ledger.filter)
        .isEqualTo(
            new RunFilter(
                EnumSet.allOf(RunStatus.class),
                Optional.of("Research Agent"),
                Optional.of("time"),
                1_000,
                2_000,
                50));
  }

  @Test
  void tellsOneRun() throws Exception {
    assertThat(get(200, "/v1/runs/r1").path("run").asText()).isEqualTo("r1");
  }

  @Test
  void tellsHowFarTheThreadsPartitionWasRead() throws Exception {
    JsonNode answer = get(200, "/v1/threads/a:b~c/runs");
    assertThat(answer.path("position").asLong()).isEqualTo(61);
    assertThat(answer.path("sourceFloor").asLong()).isEqualTo(51);
    assertThat(answer.path("runs")).hasSize(1);
    assertThat(get(200, "/v1/threads/a%3Ab%7Ec/runs").path("runs")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "404,NOT_FOUND,/v1/runs/unknown",
    "404,NOT_FOUND,/",
    "404,NOT_FOUND,/v1/runs/a/b",
    "404,NOT_FOUND,/v1/run",
    "400,BAD_REQUEST,/v1/runs?limit=0",
    "400,BAD_REQUEST,/v1/runs?limit=501",
    "400,BAD_REQUEST,/v1/runs?limit=-1",
    "400,BAD_REQUEST,/v1/runs?limit=1e2",
    "400,BAD_REQUEST,/v1/runs?limit=1&limit=2",
    "400,BAD_REQUEST,/v1/runs?status=running",
    "400,BAD_REQUEST,/v1/runs?status=",
    "400,BAD_REQUEST,/v1/runs?stauts=RUNNING",
    "400,BAD_REQUEST,/v1/runs?status=%ff%fe",
    "400,BAD_REQUEST,/v1/runs?agent=",
    "400,BAD_REQUEST,/v1/runs?agent=a%0ab",
    "400,BAD_REQUEST,/v1/runs?error=%20",
    "400,BAD_REQUEST,/v1/runs?since=yesterday",
    "400,BAD_REQUEST,/v1/runs?until=1969-12-31T23:59:59Z",
    "400,BAD_REQUEST,/v1/threads/a%20b/runs",
    "400,BAD_REQUEST,/v1/threads//runs",
    "400,BAD_REQUEST,/v1/runs/a%00b",
    "400,BAD_REQUEST,/v1/runs/a%2fb",
  })
  void refusesWithAProblem(int status, String code, String path) throws Exception {
    JsonNode problem = get(status, path);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
  }

  @Test
  void saysThatAListIsNotWhole() throws Exception {
    ledger.partial = true;
    assertThat(get(200, "/v1/runs").path("partial").asBoolean()).isTrue();
    ledger.partial = false;
    assertThat(get(200, "/v1/runs").has("partial")).isFalse();
  }

  @Test
  void answersAnotherProcessorForThePartitionsThatItNames() throws Exception {
    HttpPeers peers = new HttpPeers();
    HostInfo self = new HostInfo("127.0.0.1", port.port());
    assertThat(peers.run(self, Set.of(0, 3), "r1").get()).hasValue(ROW);
    assertThat(here).isEqualTo(Set.of(0, 3));
    assertThat(peers.run(self, Set.of(5), "unknown").get()).isEmpty();
    RunFilter wanted =
        new RunFilter(
            EnumSet.of(RunStatus.ERROR),
            Optional.of("größer & co"),
            Optional.of("a+b"),
            1_001,
            2_002,
            7);
    ledger.partial = true;
    assertThat(peers.runs(self, Set.of(5), wanted).get()).isEqualTo(new Runs(List.of(ROW), true));
    ledger.partial = false;
    assertThat(ledger.filter).isEqualTo(wanted);
    assertThat(peers.runsOf(self, Set.of(5), "a:b~c", RunFilter.newest(1)).get())
        .isEqualTo(new ThreadRuns(new LedgerPosition(61, 51), List.of(ROW)));
    ledger.available = false;
    assertThat(peers.run(self, Set.of(5), "r1")).failsWithin(Duration.ofSeconds(5));
  }

  @Test
  void answersForTenThousandPartitions() throws Exception {
    Set<Integer> all = IntStream.range(0, 10_000).boxed().collect(Collectors.toSet());
    assertThat(new HttpPeers().run(new HostInfo("127.0.0.1", port.port()), all, "r1").get())
        .hasValue(ROW);
    assertThat(here).isEqualTo(all);
  }

  @Test
  void refusesPartitionsThatAreNoNumbers() throws Exception {
    HttpResponse<String> response =
        client.send(
            request("/v1/runs").header(HttpPeers.PARTITIONS, "1,x").build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  void saysThatTheLedgerIsNotAtHand() throws Exception {
    ledger.available = false;
    for (String path : List.of("/v1/runs", "/v1/runs/r1", "/v1/threads/t.1/runs")) {
      assertThat(get(503, path).path("code").asText()).isEqualTo("LEDGER_UNAVAILABLE");
    }
  }

  @Test
  void refusesAnyOtherMethod() throws Exception {
    HttpResponse<String> response =
        client.send(
            request("/v1/runs").POST(HttpRequest.BodyPublishers.ofString("{}")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "GET /v1/runs HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /../../etc HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void answersWhatIsNoRequestWithoutTellingOfItself(String sent) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(sent.getBytes(UTF_8));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400");
      assertThat(answer).doesNotContain("Jetty", "jetty", "Exception", "\tat ");
    }
  }

  private static Ledger here(Set<Integer> partitions) {
    here = partitions;
    return ledger;
  }

  private JsonNode get(int status, String path) throws Exception {
    HttpResponse<String> response =
        client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue(status == 200 ? "application/json" : "application/problem+json");
    return new ObjectMapper().readTree(response.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + path));
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  private static final class KnownRuns implements Ledger {
    volatile boolean available = true;
    volatile boolean partial;
    volatile String asked = "";
    volatile RunFilter filter = RunFilter.newest(1);

    @Override
    public Optional<LedgerRow> run(String run) {
      check();
      return Optional.of(ROW).filter(row -> row.run().equals(run));
    }

    @Override
    public Runs runs(RunFilter wanted) {
      check();
      filter = wanted;
      asked = "all " + wanted.statuses() + " " + wanted.limit();
      return new Runs(List.of(ROW), partial);
    }

    @Override
    public ThreadRuns runsOf(String thread, RunFilter wanted) {
      check();
      filter = wanted;
      asked = thread + " " + wanted.statuses() + " " + wanted.limit();
      return new ThreadRuns(new LedgerPosition(61, 51), List.of(ROW));
    }

    private void check() {
      if (!available) {
        throw new LedgerUnavailableException("partition 3: NOT_ACTIVE", null);
      }
    }
  }
}
