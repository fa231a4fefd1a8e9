package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.drive.ScriptedLines.ScriptedLine;
import io.runwire.loadtest.journal.Hashes;
import io.runwire.loadtest.journal.Seen;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LightClientTest {
  private static final URI EDGE = URI.create("ws://edge:1/v1/ws");

  private final ScriptedLines lines = new ScriptedLines();
  private final List<Seen> journal = new ArrayList<>();
  private final ClientCounters counters = new ClientCounters(Optional.empty());
  private LightClient client = client(Optional.empty(), false);

  @Test
  void journalsWhatItWasHanded() throws WireViolation {
    subscribe();
    event("r", 1, 1, "c1");
    says("{\"op\":\"live\",\"thread\":\"t\",\"cursor\":\"c2\"}");
    says("{\"op\":\"gap\",\"thread\":\"t\",\"reason\":\"EXPIRED\",\"to\":\"c9\"}");
    line().closes(4008);
    long ms = lines.nowMs;
    assertThat(journal)
        .containsExactly(
            new Seen.Up(ms, "c-0", EDGE.toString()),
            new Seen.Subscribed(ms, "c-0", "t", Optional.empty(), "earliest"),
            new Seen.Event(
                ms,
                "c-0",
                "t",
                "r",
                1,
                1,
                false,
                Hashes.of("{\"type\":\"CUSTOM\"}".getBytes(StandardCharsets.UTF_8)),
                "c1"),
            new Seen.Live(ms, "c-0", "t", "c2"),
            new Seen.Gap(ms, "c-0", "t", "EXPIRED"),
            new Seen.Down(ms, "c-0", 4008));
    assertThat(counters.status()).isEqualTo(new ClientCounters.Status(0, 1, 1, 0, 0, 0));
  }

  @Test
  void asksForTheStartFirst() throws WireViolation {
    up();
    assertThat(line().lastSent())
        .isEqualTo("{\"op\":\"subscribe\",\"id\":1,\"thread\":\"t\",\"from\":\"earliest\"}");
  }

  @Test
  void resumesAfterTheLastEventWithTheRunsThatItHas() throws WireViolation {
    subscribe();
    event("r1", 1, 1, "c1");
    event("r1", 1, 2, "c2");
    event("r2", 2, 1, "c3");
    reconnect();
    assertThat(line().lastSent())
        .isEqualTo(
            "{\"op\":\"subscribe\",\"id\":2,\"thread\":\"t\",\"after\":\"c3\","
                + "\"runs\":{\"r1\":[1,2],\"r2\":[2,1]}}");
    assertThat(counters.status().reconnects()).isEqualTo(1);
  }

  @Test
  void resumesFromWhereItsReadingBeganOrTheLastLiveNotice() throws WireViolation {
    subscribe();
    reconnect();
    assertThat(line().lastSent()).contains("\"after\":\"c0\"").doesNotContain("runs");
    subscribed(2, "c0");
    says("{\"op\":\"live\",\"thread\":\"t\",\"cursor\":\"c7\"}");
    reconnect();
    assertThat(line().lastSent()).contains("\"after\":\"c7\"");
  }

  @Test
  void namesThe64RunsThatMovedLast() throws WireViolation {
    subscribe();
    for (int run = 0; run < 70; run++) {
      event("r" + run, 1, 1, "c" + run);
    }
    event("r6", 1, 2, "c70");
    reconnect();
    String frame = line().lastSent();
    assertThat(WireFrame.parse(frame).json().path("runs")).hasSize(64);
    assertThat(frame).contains("{\"r7\":[1,1]").contains("\"r69\":[1,1],\"r6\":[1,2]}");
  }

  @Test
  void journalsOneSubscriptionHoweverOftenItResumes() throws WireViolation {
    subscribe();
    reconnect();
    subscribed(2, "c0");
    assertThat(journal.stream().filter(Seen.Subscribed.class::isInstance)).hasSize(1);
  }

  @Test
  void skipsWhatItHasAndMovesOnBehindIt() throws WireViolation {
    subscribe();
    event("r", 1, 1, "c1");
    event("r", 1, 1, "c2");
    assertThat(events()).containsExactly(1L);
    reconnect();
    assertThat(line().lastSent()).contains("\"after\":\"c2\"");
  }

  @Test
  void doesNotGoBackWithWhatIsSentAgain() throws WireViolation {
    subscribe();
    event("r", 1, 1, "c1");
    event("r", 1, 2, "c2");
    says(
        "{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":1,\"cursor\":\"c1\","
            + "\"redelivery\":1,\"event\":{}}");
    reconnect();
    assertThat(line().lastSent()).contains("\"after\":\"c2\"");
  }

  @Test
  void asksThreeTimesForWhatIsMissingAndThenSaysSo() throws WireViolation {
    subscribe();
    event("r", 1, 1, "c1");
    for (int id = 2; id <= 6; id += 2) {
      event("r", 1, 3, "c3");
      assertThat(line().lastSent())
          .isEqualTo("{\"op\":\"unsubscribe\",\"id\":" + id + ",\"thread\":\"t\"}");
      pass(10_000);
      assertThat(line().lastSent()).contains("\"after\":\"c1\",\"runs\":{\"r\":[1,1]}");
      subscribed(id + 1, "c1");
    }
    assertThat(events()).containsExactly(1L);
    event("r", 1, 3, "c3");
    event("r", 1, 4, "c4");
    assertThat(events()).containsExactly(1L, 3L, 4L);
    assertThat(journal.stream().filter(Seen.Gap.class::isInstance))
        .containsExactly(new Seen.Gap(journal.get(journal.size() - 3).ms(), "c-0", "t", "HOLE"));
  }

  @Test
  void mayJumpAfterAGapAndResumesBeforeItUntilSomethingFollows() throws WireViolation {
    subscribe();
    event("r", 1, 1, "c1");
    says("{\"op\":\"gap\",\"thread\":\"t\",\"reason\":\"TRUNCATED\",\"to\":\"c8\"}");
    reconnect();
    assertThat(line().lastSent()).contains("\"after\":\"c1\"");
    subscribed(2, "c1");
    event("r", 1, 9, "c9");
    assertThat(events()).containsExactly(1L, 9L);
  }

  @Test
  void journalsALeakAndDoesNotMove() throws WireViolation {
    subscribe();
    says(
        "{\"op\":\"event\",\"thread\":\"other\",\"run\":\"x\",\"attempt\":1,\"seq\":1,"
            + "\"cursor\":\"c5\",\"event\":{}}");
    assertThat(journal.get(journal.size() - 1))
        .isInstanceOfSatisfying(
            Seen.Event.class, leaked -> assertThat(leaked.thread()).isEqualTo("other"));
    reconnect();
    assertThat(line().lastSent()).contains("\"after\":\"c0\"");
  }

  @Test
  void triesAgainWhereTheLogIsAwayAndEndsWhereItIsRefused() throws WireViolation {
    up();
    says("{\"op\":\"error\",\"id\":1,\"code\":\"LOG_UNAVAILABLE\",\"message\":\"away\"}");
    pass(10_000);
    assertThat(line().lastSent()).contains("\"op\":\"subscribe\",\"id\":3");
    says("{\"op\":\"error\",\"id\":3,\"code\":\"FORBIDDEN\",\"message\":\"no\"}");
    assertThat(line().closing).isTrue();
    assertThat(counters.status().lost()).isEqualTo(1);
  }

  @Test
  void isThroughWhenItsRunHasEnded() throws WireViolation {
    client = client(Optional.of("r"), false);
    subscribe();
    assertThat(line().lastSent()).contains("\"run\":\"r\"");
    says(
        "{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":1,"
            + "\"cursor\":\"c1\",\"ts\":1,\"final\":false,\"event\":{}}");
    assertThat(line().closing).isFalse();
    says(
        "{\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":2,\"seq\":1,"
            + "\"cursor\":\"c2\",\"ts\":1,\"final\":true,\"event\":{}}");
    assertThat(line().closing).isTrue();
  }

  @Test
  void acknowledgesAtMostFiveTimesASecondAndGoesOnWhileItDoesNotRead() throws WireViolation {
    client = client(Optional.empty(), true);
    subscribe();
    event("r", 1, 1, "c1");
    event("r", 1, 2, "c2");
    pass(20);
    String ack = "{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"c2\"}";
    assertThat(line().lastSent()).isEqualTo(ack);
    event("r", 1, 3, "c3");
    pass(199);
    assertThat(line().lastSent()).isEqualTo(ack);
    pass(1);
    assertThat(line().lastSent()).contains("c3");
    int sent = line().sent.size();
    client.read(false);
    pass(1_000);
    pass(1_000);
    assertThat(line().sent).hasSize(sent + 2);
  }

  @Test
  void stopsReadingAfterSoManyEventsAndGoesOnAcknowledging() throws WireViolation {
    client = client(Optional.empty(), true, 2);
    subscribe();
    event("r", 1, 1, "c1");
    assertThat(line().reading).isTrue();
    event("r", 1, 2, "c2");
    assertThat(line().reading).isFalse();
    pass(1_000);
    assertThat(line().lastSent()).contains("ack").contains("c2");
    line().closes(4008);
    assertThat(client.isOver()).isTrue();
  }

  private LightClient client(Optional<String> run, boolean ack) {
    return client(run, ack, 0);
  }

  private LightClient client(Optional<String> run, boolean ack, long readsEvents) {
    return new LightClient(
        "c-0",
        new Wish("t", run, "earliest", ack, readsEvents),
        new LightClient.Access(List.of(EDGE), () -> "jwt", lines),
        0,
        lines.clocks,
        () -> 0.5,
        journal::add,
        counters);
  }

  private ScriptedLine line() {
    return lines.last();
  }

  private void up() throws WireViolation {
    client.tick(lines.nowMs);
    line().welcomes();
  }

  private void subscribe() throws WireViolation {
    up();
    subscribed(1, "c0");
  }

  private void reconnect() throws WireViolation {
    line().closes(Line.LOST);
    pass(10_000);
    line().welcomes();
  }

  private void subscribed(int id, String cursor) throws WireViolation {
    says(
        "{\"op\":\"subscribed\",\"id\":"
            + id
            + ",\"thread\":\"t\",\"cursor\":\""
            + cursor
            + "\",\"recovered\":true}");
  }

  private void event(String run, int attempt, long seq, String cursor) throws WireViolation {
    says(
        "{\"op\":\"event\",\"thread\":\"t\",\"run\":\""
            + run
            + "\",\"attempt\":"
            + attempt
            + ",\"seq\":"
            + seq
            + ",\"cursor\":\""
            + cursor
            + "\",\"ts\":1,\"event\":{\"type\":\"CUSTOM\"}}");
  }

  private void says(String frame) throws WireViolation {
    line().says(frame);
  }

  private void pass(long ms) {
    lines.nowMs += ms;
    client.tick(lines.nowMs);
  }

  private List<Long> events() {
    return journal.stream()
        .filter(Seen.Event.class::isInstance)
        .map(seen -> ((Seen.Event) seen).seq())
        .toList();
  }
}
