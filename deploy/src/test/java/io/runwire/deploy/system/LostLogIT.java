package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log itself goes away, comes back, or is not what it was: each is said, and said once. */
class LostLogIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String THREAD = "lost.log";

  private WrittenLog log;

  @BeforeEach
  void start() throws Exception {
    log = new WrittenLog();
    log.startEdge(Map.of("history.deadline.ms", "500"));
  }

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void whoIsLiveWhenTheLogIsCreatedAgainIsToldForeignAndSeesTheNewOneFromItsStart()
      throws Exception {
    log.append(THREAD, "old", 1, 3);
    try (WireClient client = log.connect("u")) {
      client.subscribe(1, THREAD, "\"from\":\"earliest\"");
      WireFrame last = client.await("the last", f -> f.is("event") && seq(f) == 3, PATIENCE);
      LogIdentity before = cursor(last).log();
      client.await("live", f -> f.is("live"), PATIENCE);

      log.recreate();
      log.append(THREAD, "new", 1, 10); // beyond where the old one ended

      List<WireFrame> told = until(client, f -> f.is("event") && seq(f) == 10);
      WireFrame gap = told.stream().filter(f -> f.is("gap")).findFirst().orElseThrow();
      assertThat(gap.field("reason")).isEqualTo("FOREIGN_LOG");
      List<WireFrame> events = told.stream().filter(f -> f.is("event")).toList();
      assertThat(events).extracting(LostLogIT::seq).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      assertThat(told.indexOf(gap)).isLessThan(told.indexOf(events.get(0)));
      assertThat(events)
          .as("no frame of the new log names the old one")
          .allSatisfy(event -> assertThat(cursor(event).log()).isNotEqualTo(before));
    }
  }

  @Test
  void aCursorBehindWhatACrashCutOffIsToldTruncatedAndGoesOnFromThere() throws Exception {
    log.append(THREAD, "r", 1, 10);
    WireFrame last;
    try (WireClient client = log.connect("u")) {
      client.subscribe(1, THREAD, "\"from\":\"earliest\"");
      last = client.await("the last", f -> f.is("event") && seq(f) == 10, PATIENCE);
    }
    Cursor tenth = cursor(last);
    log.stopBroker();
    log.cut(tenth.partition(), tenth.offset() - 4);
    log.startBroker();
    log.append(THREAD, "s", 1, 8); // over what was cut, under another epoch, and beyond it

    try (WireClient client = log.connect("u")) {
      client.subscribe(1, THREAD, "\"after\":\"" + tenth.encode() + "\"");
      List<WireFrame> told = until(client, f -> f.is("event") && seq(f) == 8);
      List<WireFrame> gaps = told.stream().filter(f -> f.is("gap")).toList();
      assertThat(gaps).extracting(f -> f.field("reason")).containsExactly("TRUNCATED");
      assertThat(told.stream().filter(f -> f.is("event")).map(LostLogIT::seq))
          .as("everything from the point of divergence on")
          .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void whoIsLiveWhenACrashCutsTheLogIsToldTruncatedAndMissesNothing() throws Exception {
    log.append(THREAD, "r", 1, 10);
    try (WireClient live = log.connect("u")) {
      live.subscribe(1, THREAD, "\"from\":\"latest\"");
      WireFrame subscribed = live.await("subscribed", f -> f.is("subscribed"), PATIENCE);
      Cursor tenth = cursor(subscribed);
      live.await("live", f -> f.is("live"), PATIENCE);
      log.stopBroker();
      log.cut(tenth.partition(), tenth.offset() - 4);
      log.startBroker();
      log.append(THREAD, "s", 1, 8);

      List<WireFrame> told = until(live, f -> f.is("event") && seq(f) == 8);
      assertThat(told.stream().filter(f -> f.is("gap")))
          .extracting(f -> f.field("reason"))
          .containsExactly("TRUNCATED");
      assertThat(told.stream().filter(f -> f.is("event")).map(LostLogIT::seq))
          .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void whenTheBrokerIsAwaySocketsStayOpenAreToldOnceAndGoOn() throws Exception {
    log.append(THREAD, "r", 1, 1);
    try (WireClient live = log.connect("u");
        WireClient late = log.connect("v")) {
      live.subscribe(1, THREAD, "\"from\":\"earliest\"");
      live.await("live", f -> f.is("live"), PATIENCE);

      log.stopBroker();
      late.subscribe(1, WrittenLog.neighbourOf(THREAD, "late."), "\"from\":\"earliest\"");

      assertThat(live.await("error", f -> true, PATIENCE).field("code"))
          .isEqualTo("LOG_UNAVAILABLE");
      assertThat(late.await("error", f -> f.is("error"), PATIENCE).field("code"))
          .isEqualTo("LOG_UNAVAILABLE");
      Awaitility.await("the breaker opens")
          .atMost(PATIENCE)
          .until(() -> log.metric("runwire_edge_history_breaker", "\"open\"") > 0);

      log.startBroker();
      log.append(THREAD, "r", 2, 3);

      List<WireFrame> told = until(live, f -> f.is("event") && seq(f) == 3);
      assertThat(told)
          .as("the events, perhaps that the log is back, not the error again")
          .extracting(WireFrame::op)
          .isSubsetOf("event", "live");
      assertThat(told)
          .filteredOn(f -> f.is("event"))
          .extracting(LostLogIT::seq)
          .containsExactly(2, 3);
      if (told.stream().noneMatch(f -> f.is("live"))) {
        live.await("that the log is back", f -> f.is("live"), PATIENCE);
      }
      assertThat(late.await("answer", f -> true, PATIENCE).op()).isEqualTo("subscribed");
    }
  }

  /** All frames up to the first that fits. */
  private static List<WireFrame> until(WireClient client, Predicate<WireFrame> fits)
      throws Exception {
    List<WireFrame> frames = new ArrayList<>();
    do {
      frames.add(client.await("the next frame", f -> true, PATIENCE));
    } while (!fits.test(frames.get(frames.size() - 1)));
    return frames;
  }

  private static int seq(WireFrame frame) {
    return frame.json().path("seq").asInt();
  }

  private static Cursor cursor(WireFrame frame) {
    return Cursor.decode(frame.field("cursor")).orElseThrow();
  }
}
