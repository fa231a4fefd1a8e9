package io.runwire.edge.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.edge.RawClient;
import io.runwire.edge.RawClient.Frame;
import io.runwire.edge.TestEdge;
import io.runwire.edge.access.TokenMint;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.junit.jupiter.api.Test;

/**
 * Spoils an honest client's traffic at random and wants the edge to answer, or to close with one of
 * its codes, and never to fail: no INTERNAL, no line in the log, nobody else disturbed.
 *
 * <p>Prints its seed. {@code -Dfuzz.seed} repeats a run, {@code -Dfuzz.rounds} makes it longer. A
 * failure names the round's own seed and its input in hex.
 */
class FuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 400);
  private static final int ROUNDS_PER_LOOK = 20;

  /** The bystander may ask twenty times a second of the edge's time, and looks less often. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> ERROR_CODES =
      Arrays.stream(ErrorCode.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

  /** What an answer to a spoiled request may be; 5xx only where it names the peer's fault. */
  private static final String STATUS = "HTTP/1.1 (101|2\\d\\d|4\\d\\d|501|505) ";

  @Test
  void answersWhateverComes() throws Exception {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    System.out.printf("fuzz: %d rounds, -Dfuzz.seed=%d%n", ROUNDS, seed);
    try (QuietLog log = QuietLog.listen(Level.INFO);
        TestEdge edge = TestEdge.start();
        Bystander bystander = Bystander.on(edge)) {
      edge.log.run("t", "r").start().text(5);
      for (int round = 0; round < ROUNDS; round++) {
        play(edge, seed + round);
        if (round % ROUNDS_PER_LOOK == 0) {
          edge.timer.advance(BETWEEN_LOOKS);
          bystander.isServed();
          log.assertQuiet();
        }
      }
      bystander.isServed();
      new Scene(edge, bystander).letTheSilentBeClosed();
      log.assertQuiet();
    }
  }

  private static void play(TestEdge edge, long seed) throws Exception {
    String token = edge.mint.token("u" + seed, TokenMint.TTL, List.of("subscribe", "history"), "*");
    Spoiled spoiled = Spoiled.traffic(new Random(seed), edge, token);
    try (RawClient peer =
        spoiled.onSocket() ? RawClient.opened(edge, token) : RawClient.connect(edge)) {
      try {
        peer.sendBytes(spoiled.bytes());
        peer.sendNoMore();
      } catch (SocketException heardEnough) {
        // What the edge said before can still be read.
      }
      if (spoiled.onSocket()) {
        judgeFrames(peer);
      } else {
        judgeResponse(peer);
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dfuzz.rounds=1 -Dfuzz.seed=" + seed + " " + spoiled + ": " + e, e);
    }
  }

  /** Until the edge ends the connection, as it does with a peer that has said its last. */
  private static void judgeFrames(RawClient peer) throws IOException {
    for (Frame frame : peer.framesUntilEnd()) {
      switch (frame.opcode()) {
        case RawClient.TEXT -> {
          JsonNode json = MAPPER.readTree(frame.text());
          if (json.path("op").asText().equals("error")) {
            assertThat(json.path("code").asText()).isIn(ERROR_CODES).isNotEqualTo("INTERNAL");
          }
        }
        case RawClient.CLOSE -> judgeClose(frame);
        default -> assertThat(frame.opcode()).isIn(RawClient.PING, RawClient.PONG);
      }
    }
  }

  /**
   * With a code of ours, or with the peer's own: spoiling may make a close, with a code or none.
   */
  private static void judgeClose(Frame close) {
    int code = close.closeCode();
    assertThat(code).isNotEqualTo(CloseCode.INTERNAL.code());
    boolean peers = close.payload().remaining() == 0 || CloseStatus.isTransmittableStatusCode(code);
    assertThat(peers || CloseCode.of(code).isPresent()).as("close %d", code).isTrue();
  }

  private static void judgeResponse(RawClient peer) throws IOException {
    String response = new String(peer.anything(), StandardCharsets.ISO_8859_1);
    if (!response.isEmpty()) { // half a request has no answer
      assertThat(response).containsPattern("^" + STATUS).doesNotContain("INTERNAL", "Exception");
    }
  }
}
