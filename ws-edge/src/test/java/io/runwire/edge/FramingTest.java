package io.runwire.edge;

import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire below the frames of {@code runwire.v1}. */
class FramingTest {
  private static final int LIMIT = 64 << 10;

  private TestEdge edge;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.start(Map.of("inbound.frames.burst", "1000000"));
    client = RawClient.opened(edge, edge.mint.all());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    edge.close();
  }

  @Test
  void aFrameOfTheLargestSizeIsRead() throws IOException {
    client.sendText("x".repeat(LIMIT));

    assertThat(client.frame().text()).contains("BAD_REQUEST");
  }

  @Test
  void aCharacterMayBeSplitOverFragments() throws IOException {
    byte[] text = "{\"op\":\"größe\"}".getBytes(StandardCharsets.UTF_8);
    int middle = new String(text, StandardCharsets.ISO_8859_1).indexOf('Ã') + 1;

    client
        .send(TEXT, Arrays.copyOf(text, middle))
        .send(FIN | CONTINUATION, Arrays.copyOfRange(text, middle, text.length));

    assertThat(client.frame().text()).contains("BAD_REQUEST").contains("op: unknown");
  }

  @Test
  void aPingBetweenFragmentsIsAnsweredAtOnce() throws IOException {
    client
        .send(TEXT, "{\"op\":".getBytes(StandardCharsets.UTF_8))
        .send(FIN | PING, (byte) 'x')
        .send(FIN | CONTINUATION, "\"ping\"}".getBytes(StandardCharsets.UTF_8));

    assertThat(client.frame().text()).isEqualTo("x");
    assertThat(client.frame().text()).isEqualTo("{\"op\":\"pong\"}");
  }

  @Test
  void bytesMayComeOneByOne() throws IOException {
    for (byte b : new byte[] {(byte) 0x89, (byte) 0x81, 0, 0, 0, 0, 'y'}) {
      client.sendBytes(b);
    }

    assertThat(client.frame().text()).isEqualTo("y");
  }

  @Test
  void aPeerThatAnswersNoPingIsClosed() throws IOException {
    edge.timer.advance(TestEdge.HEARTBEAT);
    assertThat(client.frame().opcode()).isEqualTo(PING);

    // The pong's time runs from the end of the ping's write, which is not told to us.
    await()
        .until(
            () -> {
              edge.timer.advance(TestEdge.PONG);
              return edge.hub.connections() == 0;
            });
    assertThat(client.closeCode()).isEqualTo(4012);
  }

  @Test
  void aPeerThatSaysAnythingAfterAPingIsThere() throws IOException {
    edge.timer.advance(TestEdge.HEARTBEAT);
    assertThat(client.frame().opcode()).isEqualTo(PING);
    client.sendText("{\"op\":\"ping\"}");
    assertThat(client.frame().text()).isEqualTo("{\"op\":\"pong\"}");

    edge.timer.advance(TestEdge.PONG);

    client.sendText("{\"op\":\"ping\"}");
    assertThat(client.frame().text()).isEqualTo("{\"op\":\"pong\"}");
  }

  @Test
  void aPeerThatDoesNotReadItsCloseIsCutOff() throws Exception {
    Duration ttl = Duration.ofSeconds(8);
    String token = edge.mint.token("u1", ttl, List.of("subscribe", "history"), "t");
    edge.log.run("t", "r").start().content("x".repeat(900_000));
    client.close();
    await().until(() -> edge.deserted());
    try (RawClient stalled = RawClient.opened(edge, token)) {
      stalled.sendText("{\"op\":\"subscribe\",\"id\":1,\"thread\":\"t\",\"from\":\"earliest\"}");
      assertThat(stalled.frame().text()).contains("subscribed");
      // Gathered with what the peer will not read.
      assertThat(stalled.frame().text()).contains("RUN_STARTED");

      edge.timer.advance(ttl);
      await().until(() -> edge.hub.connections() == 0);
      await()
          .until(
              () -> {
                edge.timer.advance(Duration.ofSeconds(1));
                return edge.deserted();
              });

      assertThat(stalled.cutOff()).isTrue();
    }
  }

  @Test
  void aPeerThatDoesNotReadItsPongsIsReadNoFurther() throws Exception {
    byte[] payload = new byte[125];
    AtomicLong sent = new AtomicLong();
    try (RawClient flooding = RawClient.opened(edge, edge.mint.all())) {
      Thread flood =
          new Thread(
              () -> {
                try {
                  while (true) {
                    flooding.send(FIN | PING, payload);
                    sent.incrementAndGet();
                  }
                } catch (IOException closed) {
                  // The test is over.
                }
              });
      flood.start();

      // Each ping is read when the last pong is written, so the flood comes to rest at the peer.
      AtomicLong before = new AtomicLong();
      await()
          .pollInterval(Duration.ofMillis(300))
          .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
    }
  }
}
