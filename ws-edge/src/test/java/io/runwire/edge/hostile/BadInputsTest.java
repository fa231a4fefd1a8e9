package io.runwire.edge.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.runwire.edge.RawClient;
import io.runwire.edge.TestEdge;
import io.runwire.frame.CloseCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every bad input has its one answer: a code and a figure. Whoever else is on the edge does not
 * notice, nothing is left behind, and the log stays calm.
 */
class BadInputsTest {
  /** Goodbyes and shortages, which have tests of their own (bounds, drain, slow readers). */
  private static final Set<CloseCode> NO_BLAME =
      EnumSet.of(
          CloseCode.NORMAL,
          CloseCode.INTERNAL,
          CloseCode.DRAINED,
          CloseCode.NODE_FULL,
          CloseCode.IDLE,
          CloseCode.TOO_SLOW,
          CloseCode.REPLACED);

  static final List<BadInput> SOCKETS = SocketInputs.all();
  static final List<BadInput> REQUESTS = RequestInputs.all();
  static final List<BadInput> FRAMES = FrameInputs.all();
  static final List<BadInput> CURSORS = CursorInputs.all();

  @ParameterizedTest(name = "{0}")
  @FieldSource("SOCKETS")
  void amongWebSocketFrames(BadInput input) throws Exception {
    hasItsAnswer(input);
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("REQUESTS")
  void amongHandshakesAndRequests(BadInput input) throws Exception {
    hasItsAnswer(input);
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("FRAMES")
  void amongFramesOfOurs(BadInput input) throws Exception {
    hasItsAnswer(input);
  }

  @ParameterizedTest(name = "{0}")
  @FieldSource("CURSORS")
  void amongCursors(BadInput input) throws Exception {
    hasItsAnswer(input);
  }

  /** What an edge closes with is here, or is no answer to a bad input. */
  @Test
  void leadToEveryCodeThatBlamesThePeer() {
    Set<CloseCode> reached =
        Stream.of(SOCKETS, FRAMES, CURSORS)
            .flatMap(List::stream)
            .map(BadInput::answer)
            .filter(Answer.Closes.class::isInstance)
            .map(answer -> ((Answer.Closes) answer).code())
            .collect(Collectors.toSet());

    reached.addAll(NO_BLAME);
    reached.addAll(CloseCode.RESERVED);
    assertThat(reached).containsExactlyInAnyOrder(CloseCode.values());
  }

  @Test
  void arePublished() throws Exception {
    new BadInputsPage()
        .section("WebSocket frames", SOCKETS)
        .section("Handshake and HTTP", REQUESTS)
        .section("Frames of `runwire.v1`", FRAMES)
        .section("Cursors, as `after` and as `Last-Event-ID`", CURSORS)
        .published()
        .assertCurrent();
  }

  private static void hasItsAnswer(BadInput input) throws Exception {
    try (QuietLog log = QuietLog.listen(Level.INFO);
        TestEdge edge = TestEdge.start(Map.of("origins", "https://app.example.com"));
        Bystander bystander = Bystander.on(edge)) {
      bystander.isServed();
      Scene scene = new Scene(edge, bystander);
      try (RawClient peer = input.attack().on(scene)) {
        input.answer().takeFrom(peer);
      }

      input
          .answer()
          .countedBy()
          .ifPresent(
              sample -> soon(sample).untilAsserted(() -> assertThat(value(edge, sample)).isOne()));
      scene.letTheSilentBeClosed();
      log.assertQuiet();
    }
  }

  private static ConditionFactory soon(String what) {
    return await(what).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  private static double value(TestEdge edge, String sample) {
    return edge.metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .sum();
  }
}
