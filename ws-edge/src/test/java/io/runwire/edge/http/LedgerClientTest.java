package io.runwire.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.edge.StubLedger;
import io.runwire.edge.hub.LedgerUnavailableException;
import io.runwire.edge.hub.OpenRuns.Start;
import io.runwire.edge.settings.LedgerSettings;
import io.runwire.edge.time.ManualClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a thread's open runs begin. */
class LedgerClientTest {
  private StubLedger ledger;
  private LedgerClient client;

  @BeforeEach
  void start() throws Exception {
    ledger = new StubLedger();
    client = new LedgerClient(settings(ledger.uri()));
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void theOldestRunThatIsGoingComesFirst() {
    rows(
        100,
        99,
        "{\"endedAt\":5,\"firstOffset\":1,\"firstSourceOffset\":1}",
        "{\"endedAt\":null,\"firstOffset\":40,\"firstSourceOffset\":38}",
        "{\"firstOffset\":20,\"firstSourceOffset\":19}");

    assertThat(client.start("t").toCompletableFuture().join()).isEqualTo(new Start(20, 18));
  }

  @Test
  void whereNoneIsGoingItIsWhatTheLedgerHasNotFoldedYet() {
    rows(100, 99, "{\"endedAt\":5,\"firstOffset\":1,\"firstSourceOffset\":1}");

    assertThat(client.start("t").toCompletableFuture().join()).isEqualTo(new Start(100, 99));
  }

  @Test
  void aRunWhoseFirstRecordDoesNotSayWhereItCameFromIsReadWithoutAFloor() {
    rows(100, 99, "{\"endedAt\":null,\"firstOffset\":40,\"firstSourceOffset\":-1}");

    assertThat(client.start("t").toCompletableFuture().join()).isEqualTo(new Start(40, -1));
  }

  @Test
  void aThreadWithoutRunsBeginsThereToo() {
    rows(7, 6);

    assertThat(client.start("t").toCompletableFuture().join()).isEqualTo(new Start(7, 6));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "404, {}",
    "503, {}",
    "200, nonsense",
    "200, ''",
    "200, {}",
    "200, []",
    "200, '\"x\"'"
  })
  void anAnswerThatSaysNothingIsAnOutage(int status, String body) {
    ledger.answer("/v1/threads/t/runs", status, body);

    assertThatThrownBy(() -> client.start("t").toCompletableFuture().join())
        .hasRootCauseInstanceOf(LedgerUnavailableException.class);
  }

  @Test
  void aLedgerThatIsGoneIsAnOutage() {
    ledger.close();

    assertThatThrownBy(() -> client.start("t").toCompletableFuture().join())
        .hasRootCauseInstanceOf(LedgerUnavailableException.class);
  }

  @Test
  void afterFiveFailuresInARowItIsLeftAloneForAWhileAndThenTriedAgain() {
    ManualClock clock = new ManualClock();
    client = new LedgerClient(settings(ledger.uri()), clock);
    ledger.answer("/v1/threads/t/runs", 503, "{}");
    for (int i = 0; i < 5; i++) {
      assertAway();
    }

    rows(7, 6);
    assertAway();
    clock.advance(Duration.ofMillis(2_001));

    assertThat(client.start("t").toCompletableFuture().join()).isEqualTo(new Start(7, 6));
  }

  @Test
  void whatIsNotThereIsAnAnswer() {
    for (int i = 0; i < 6; i++) {
      assertThat(client.get("/v1/runs/nobody").toCompletableFuture().join()).isEmpty();
    }
  }

  /** Else whoever asks what it cannot answer would shut it for all. */
  @Test
  void whatTheLedgerCallsABadQuestionIsNoOutage() {
    ledger.answer("/v1/runs", 400, "{}");
    rows(7, 6);

    for (int i = 0; i < 6; i++) {
      assertThat(client.get("/v1/runs?x=" + i).toCompletableFuture().join()).isEmpty();
    }

    assertThat(client.start("t").toCompletableFuture().join()).isEqualTo(new Start(7, 6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/runs/.", "/v1/runs/..", "/v1/threads/../runs?limit=500"})
  void anIdThatIsAnotherPathToTheLedgerIsNotAskedFor(String path) {
    ledger.answer("/v1/runs", 200, "{}").answer("/v1/", 200, "{}").answer("/v1/runs/", 200, "{}");

    assertThat(client.get(path).toCompletableFuture().join()).isEmpty();

    assertThat(ledger.lastAsked()).isEmpty();
  }

  @Test
  void anAnswerOfWhichOnlyTheHeadComesIsNotWaitedForForEver() throws Exception {
    try (ServerSocket stuck = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      client =
          new LedgerClient(
              new LedgerSettings(
                  URI.create("http://127.0.0.1:" + stuck.getLocalPort()), Duration.ofSeconds(1)));
      CompletionStage<Optional<JsonNode>> answer = client.get("/v1/runs/r");
      try (Socket asked = stuck.accept()) {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"run\":";
        asked.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> answer.toCompletableFuture().get(20, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(LedgerUnavailableException.class);
        assertThat(client.get("/v1/runs/r")).as("asked anew").isNotSameAs(answer);
      }
    }
  }

  @Test
  void whoAsksWhatSomebodyIsAskingGetsTheSameAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      client = new LedgerClient(settings(URI.create("http://127.0.0.1:" + silent.getLocalPort())));

      CompletionStage<Optional<JsonNode>> first = client.get("/v1/runs/r");

      assertThat(client.get("/v1/runs/r")).isSameAs(first);
      assertThat(client.get("/v1/runs/s")).isNotSameAs(first);
    }
  }

  /** As usual, and patient. */
  private static LedgerSettings settings(URI url) {
    return new LedgerSettings(url, Duration.ofSeconds(30));
  }

  private void assertAway() {
    assertThatThrownBy(() -> client.start("t").toCompletableFuture().join())
        .hasRootCauseInstanceOf(LedgerUnavailableException.class);
  }

  private void rows(long position, long sourceFloor, String... rows) {
    ledger.answer(
        "/v1/threads/t/runs",
        200,
        "{\"position\":"
            + position
            + ",\"sourceFloor\":"
            + sourceFloor
            + ",\"runs\":["
            + String.join(",", rows)
            + "]}");
  }
}
