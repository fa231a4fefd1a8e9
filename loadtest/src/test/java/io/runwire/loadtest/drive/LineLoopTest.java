package io.runwire.loadtest.drive;

import static io.runwire.loadtest.drive.ServerFrames.all;
import static io.runwire.loadtest.drive.ServerFrames.frame;
import static io.runwire.loadtest.drive.ServerFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.drive.ScriptedEdge.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LineLoopTest {
  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final ScriptedEdge edge = new ScriptedEdge();
  private LineLoop loop = loop("127.0.0.1", 0);

  LineLoopTest() throws IOException {}

  @AfterEach
  void stop() throws Exception {
    loop.close();
    edge.close();
  }

  @Test
  void upgradesSendsMaskedTextAndReadsFrames() throws Exception {
    Line line = dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      loop.execute(() -> line.send("{\"ä\":1}"));
      assertThat(peer.hears()).isEqualTo("1 {\"ä\":1}");
      peer.sends(all(text("one"), frame(0x01, "tw"), frame(0x80, "o")));
      assertThat(next()).isEqualTo("text one");
      assertThat(next()).isEqualTo("text two");
    }
  }

  @Test
  void takesFramesThatCameWithTheUpgrade() throws Exception {
    dial(edge.uri());
    try (Peer peer = edge.accept()) {
      String head =
          "HTTP/1.1 101 x\r\nSec-WebSocket-Accept: "
              + Upgrade.accept(peer.key())
              + "\r\nSec-WebSocket-Protocol: runwire.v1\r\n\r\n";
      peer.sends(all(head.getBytes(StandardCharsets.US_ASCII), text("early")));
      assertThat(next()).isEqualTo("opened");
      assertThat(next()).isEqualTo("text early");
    }
  }

  @Test
  void answersPings() throws Exception {
    dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      peer.sends(frame(0x89, "are you there"));
      assertThat(peer.hears()).isEqualTo(Opcode.PONG + " are you there");
    }
  }

  @Test
  void readsAnEventOfOneMebibyte() throws Exception {
    dial(edge.uri());
    String large = "x".repeat((1 << 20) + 300);
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      peer.sends(text(large));
      assertThat(next()).isEqualTo("text " + large);
    }
  }

  @Test
  void readsBytesThatComeOneByOne() throws Exception {
    dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      for (byte b : all(text("{\"op\":\"pong\"}"), ServerFrames.close(1012))) {
        peer.sends(new byte[] {b});
      }
      assertThat(next()).isEqualTo("opened");
      assertThat(next()).isEqualTo("text {\"op\":\"pong\"}");
      assertThat(next()).isEqualTo("closed 1012");
      assertThat(peer.hears()).isEqualTo("close 1012");
    }
  }

  @Test
  void doesNotHandOnAFrameThatWasTorn() throws Exception {
    dial(edge.uri());
    byte[] whole = text("whole");
    byte[] torn = Arrays.copyOf(text("torn".repeat(50)), 100);
    try (Peer peer = edge.upgrade()) {
      peer.sends(all(whole, torn));
    }
    assertThat(next()).isEqualTo("opened");
    assertThat(next()).isEqualTo("text whole");
    assertThat(next()).isEqualTo("closed 1006");
  }

  @Test
  void takesAResetForALoss() throws Exception {
    dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      peer.socket.setSoLinger(true, 0);
    }
    assertThat(next()).isEqualTo("closed 1006");
  }

  @Test
  void endsALineWhosePeerBreaksTheProtocolAndTellsIt() throws Exception {
    dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      peer.sends(ServerFrames.hex("8180000000"));
      assertThat(peer.hears()).isEqualTo("close 1002");
    }
    assertThat(next()).isEqualTo("opened");
    assertThat(next()).isEqualTo("closed 1002");
  }

  @Test
  void saysGoodbyeAndWaitsForTheAnswer() throws Exception {
    Line line = dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      loop.execute(line::close);
      assertThat(peer.hears()).isEqualTo("close 1000");
      peer.sends(all(text("too late"), ServerFrames.close(1000)));
      assertThat(next()).isEqualTo("closed 1000");
    }
  }

  @Test
  void waitsOneSecondForTheAnswer() throws Exception {
    Line line = dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      loop.execute(line::close);
      assertThat(peer.hears()).isEqualTo("close 1000");
      nowMs.addAndGet(1_000);
      assertThat(next()).isEqualTo("closed 1006");
    }
  }

  @Test
  void dropsWithoutAWordAndHearsNoMore() throws Exception {
    Line line = dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      loop.execute(line::drop);
      assertThat(peer.hearsTheEnd()).isTrue();
    }
    assertThat(told).isEmpty();
  }

  @Test
  void tellsWhereNobodyListensAndWhereTheAnswerIsNo() throws Exception {
    URI nobody;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("ws://127.0.0.1:" + taken.getLocalPort() + "/v1/ws");
    }
    dial(nobody);
    assertThat(next()).isEqualTo("closed 1006");
    dial(URI.create("ws://no.such.host.invalid:80/v1/ws"));
    assertThat(next()).isEqualTo("closed 1006");
    dial(edge.uri());
    try (Peer peer = edge.accept()) {
      peer.key();
      peer.sends("HTTP/1.1 503 Full\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(next()).isEqualTo("closed 1006");
    }
  }

  @Test
  void comesFromTheAddressesItWasGiven() throws Exception {
    loop.close();
    loop = loop("127.0.0.7", 0);
    dial(edge.uri());
    try (Peer peer = edge.accept()) {
      assertThat(peer.socket.getInetAddress().getHostAddress()).isEqualTo("127.0.0.7");
    }
  }

  @Test
  void readsNoFasterThanItsPace() throws Exception {
    loop.close();
    loop = loop("127.0.0.1", 10_000); // 2,000 bytes at once, then 10 per ms
    dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      byte[] ofHundredBytes = text("x".repeat(98));
      for (int i = 0; i < 100; i++) {
        peer.sends(ofHundredBytes);
      }
      awaitTexts(15); // the upgrade took its share of the 20
      assertThat(moreTexts()).isLessThanOrEqualTo(5);
      nowMs.addAndGet(500);
      awaitTexts(45);
      assertThat(moreTexts()).isLessThanOrEqualTo(10);
      nowMs.addAndGet(5_000);
      assertThat(next()).startsWith("text ");
    }
  }

  @Test
  void leavesItsPeersBytesInTheKernelsWhileItIsStalled() throws Exception {
    Line line = dial(edge.uri());
    try (Peer peer = edge.upgrade()) {
      assertThat(next()).isEqualTo("opened");
      CompletableFuture<Void> stalled = new CompletableFuture<>();
      loop.execute(
          () -> {
            line.read(false);
            stalled.complete(null);
          });
      stalled.get(10, TimeUnit.SECONDS);
      peer.says("waits");
      assertThat(told.poll(100, TimeUnit.MILLISECONDS)).isNull();
      loop.execute(() -> line.send("still talking"));
      assertThat(peer.hears()).isEqualTo("1 still talking");
      loop.execute(() -> line.read(true));
      assertThat(next()).isEqualTo("text waits");
    }
  }

  private LineLoop loop(String from, int bytesPerSecond) throws IOException {
    LineOptions options = new LineOptions(List.of(InetAddress.getByName(from)), 0, bytesPerSecond);
    return new LineLoop("test-loop", options, new Clocks(nowMs::get, nowMs::get));
  }

  private Line dial(URI uri) throws Exception {
    CompletableFuture<Line> line = new CompletableFuture<>();
    loop.execute(() -> line.complete(loop.dial(uri, new Told())));
    return line.get(10, TimeUnit.SECONDS);
  }

  private String next() throws InterruptedException {
    String next = told.poll(10, TimeUnit.SECONDS);
    return next == null ? "nothing in 10 s" : next;
  }

  private void awaitTexts(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(next()).startsWith("text ");
    }
  }

  /** How many texts come until none does for a while. */
  private int moreTexts() throws InterruptedException {
    int texts = 0;
    while (told.poll(100, TimeUnit.MILLISECONDS) != null) {
      texts++;
    }
    return texts;
  }

  private final class Told implements Line.User {
    @Override
    public void opened() {
      told.add("opened");
    }

    @Override
    public void heard() {}

    @Override
    public void text(ByteBuffer message) {
      told.add("text " + StandardCharsets.UTF_8.decode(message));
    }

    @Override
    public void closed(int code, String reason) {
      told.add("closed " + code);
    }
  }
}
