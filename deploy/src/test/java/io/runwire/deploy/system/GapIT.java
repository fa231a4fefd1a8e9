package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import io.runwire.producer.AgentRun;
import io.runwire.topic.Topic;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is gone is announced, and a bad cursor is refused: nothing is clamped in silence. */
class GapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Runwired system;
  private static RunwireEdge edge;

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
    edge = system.startEdge();
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void aCursorBelowTheStartOfTheLogIsToldExpiredAndGoesOnFromTheOldestRecord() throws Exception {
    String thread = "gap.expired";
    String run = write(thread, 20);
    List<WireFrame> all = readAll(thread, run);
    Cursor fifth = Cursor.decode(all.get(4).field("cursor")).orElseThrow();
    Cursor tenth = Cursor.decode(all.get(9).field("cursor")).orElseThrow();
    awaitFolded(run); // the processor halts where records expire that its ledger has not read
    deleteBefore(tenth);
    // The other edge may have it in its window, and then nothing is missing.
    try (WireClient client = connect(system.startEdge())) {
      client.subscribe(1, thread, "\"after\":\"" + fifth.encode() + "\"");
      WireFrame subscribed = client.await("answer", f -> !f.is("welcome"), PATIENCE);
      assertThat(subscribed.op()).isEqualTo("subscribed");
      assertThat(subscribed.json().path("recovered").asBoolean(true)).isFalse();
      WireFrame gap = client.await("gap", f -> true, PATIENCE);
      assertThat(gap.op()).isEqualTo("gap");
      assertThat(gap.field("reason")).isEqualTo("EXPIRED");
      assertThat(gap.field("from")).isEqualTo(fifth.encode());
      WireFrame next = client.await("event", f -> true, PATIENCE);
      assertThat(next.json().path("seq").asInt()).isEqualTo(11);
    }
  }

  @Test
  void aCursorOfAnotherIncarnationOfTheLogIsToldForeignAndStartsOver() throws Exception {
    String thread = "gap.foreign";
    String run = write(thread, 5);
    Cursor last = lastCursor(thread, run);
    Cursor foreign =
        with(last, log -> new LogIdentity(Uuid.randomUuid(), log.agentEvents(), log.partitions()));
    try (WireClient client = connect()) {
      client.subscribe(1, thread, "\"after\":\"" + foreign.encode() + "\"");
      assertThat(client.await("gap", f -> f.is("gap"), PATIENCE).field("reason"))
          .isEqualTo("FOREIGN_LOG");
      assertThat(client.await("event", f -> f.is("event"), PATIENCE).json().path("seq").asInt())
          .isEqualTo(1);
    }
  }

  @Test
  void aCursorPastTheEndIsToldTruncatedAfterSomePatience() throws Exception {
    String thread = "gap.truncated";
    String run = write(thread, 5);
    Cursor last = lastCursor(thread, run);
    Cursor beyond =
        new Cursor(
            last.log(),
            last.partition(),
            last.offset() + 1_000,
            Cursor.NO_EPOCH,
            last.sourceOffset(),
            last.threadHash());
    try (WireClient client = connect()) {
      client.subscribe(1, thread, "\"after\":\"" + beyond.encode() + "\"");
      assertThat(client.await("gap", f -> f.is("gap"), PATIENCE).field("reason"))
          .isEqualTo("TRUNCATED");
      write(thread, 3);
      assertThat(client.await("event", f -> f.is("event"), PATIENCE).json().path("seq").asInt())
          .as("what is written from now on arrives")
          .isEqualTo(1);
    }
  }

  @Test
  void aDamagedCursorAndAnotherThreadsAreRefusedAndTheConnectionStaysOpen() throws Exception {
    String run = write("gap.mine", 2);
    String mine = lastCursor("gap.mine", run).encode();
    char flipped = mine.charAt(40) == 'A' ? 'B' : 'A';
    String damaged = mine.substring(0, 40) + flipped + mine.substring(41);
    try (WireClient client = connect()) {
      client.subscribe(1, "gap.mine", "\"after\":\"" + damaged + "\"");
      assertThat(client.await("error", f -> f.is("error"), PATIENCE).field("code"))
          .isEqualTo("CURSOR_MALFORMED");
      client.subscribe(2, "gap.other", "\"after\":\"" + mine + "\"");
      assertThat(client.await("error", f -> f.is("error"), PATIENCE).field("code"))
          .isEqualTo("CURSOR_FOREIGN_THREAD");
      client.subscribe(3, "gap.mine", "\"after\":\"" + mine + "\"");
      assertThat(client.await("subscribed", f -> true, PATIENCE).op()).isEqualTo("subscribed");
    }
  }

  private static WireClient connect() throws Exception {
    return connect(edge);
  }

  private static WireClient connect(RunwireEdge to) throws Exception {
    return WireClient.connect(Runwired.socket(to.port()), system.token());
  }

  /** Writes a run of a start, {@code customs} events and an end. */
  private static String write(String thread, int customs) {
    AgentRun run = system.producer().startRun(thread);
    try (run) {
      for (int i = 0; i < customs; i++) {
        run.custom("tick", i);
      }
      run.complete();
    }
    return run.id();
  }

  private static List<WireFrame> readAll(String thread, String run) throws Exception {
    List<WireFrame> events = new ArrayList<>();
    try (WireClient client = connect()) {
      client.subscribe(1, thread, "\"from\":\"earliest\",\"run\":\"" + run + "\"");
      boolean ended = false;
      while (!ended) {
        WireFrame event = client.await("event", f -> f.is("event"), PATIENCE);
        events.add(event);
        ended = event.json().path("final").asBoolean();
      }
    }
    return events;
  }

  private static Cursor lastCursor(String thread, String run) throws Exception {
    List<WireFrame> events = readAll(thread, run);
    return Cursor.decode(events.get(events.size() - 1).field("cursor")).orElseThrow();
  }

  private static Cursor with(Cursor cursor, UnaryOperator<LogIdentity> other) {
    return new Cursor(
        other.apply(cursor.log()),
        cursor.partition(),
        cursor.offset(),
        cursor.leaderEpoch(),
        cursor.sourceOffset(),
        cursor.threadHash());
  }

  private static void awaitFolded(String run) {
    HttpRequest row = HttpRequest.newBuilder(system.ledger().resolve("/v1/runs/" + run)).build();
    await()
        .atMost(PATIENCE)
        .until(() -> HTTP.send(row, BodyHandlers.ofString()).body().contains("FINISHED"));
  }

  private static void deleteBefore(Cursor cursor) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", system.bootstrapServers()))) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(Topic.THREAD_EVENTS.topicName(), cursor.partition()),
                  RecordsToDelete.beforeOffset(cursor.offset())))
          .all()
          .get();
    }
  }
}
