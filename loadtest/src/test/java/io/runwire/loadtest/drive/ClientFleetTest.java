package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.drive.ScriptedEdge.Peer;
import io.runwire.loadtest.journal.JournalWriter;
import io.runwire.loadtest.journal.Journals;
import io.runwire.loadtest.journal.Seen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientFleetTest {
  @TempDir Path directory = Path.of("");

  @Test
  void resumesAfterAFrameThatWasTornAndJournalsEachEventOnce() throws Exception {
    try (ScriptedEdge edge = new ScriptedEdge()) {
      ClientFleet fleet = fleet(edge.uri(), 1);
      try (Peer peer = edge.upgrade()) {
        assertThat(peer.hears()).isEqualTo("1 {\"op\":\"auth\",\"token\":\"token-a\"}");
        welcome(peer);
        assertThat(peer.hears()).contains("\"thread\":\"t.0\",\"from\":\"earliest\"");
        subscribed(peer, 1);
        peer.says(event(1));
        peer.says(event(2));
        byte[] third = ServerFrames.text(event(3));
        peer.sends(Arrays.copyOf(third, third.length - 20));
      }
      try (Peer peer = edge.upgrade()) {
        peer.hears();
        welcome(peer);
        assertThat(peer.hears()).contains("\"after\":\"c2\",\"runs\":{\"r\":[1,2]}");
        subscribed(peer, 2);
        peer.says(event(3));
        peer.sends(ServerFrames.frame(0x89, "")); // whose pong tells that the event was read
        assertThat(peer.hears()).startsWith(Opcode.PONG + " ");
        closesWell(fleet, peer);
      }
      assertThat(fleet.status().events()).isEqualTo(3);
      assertThat(fleet.status().reconnects()).isEqualTo(1);
    }
    assertThat(seen())
        .extracting(seen -> seen.getClass().getSimpleName())
        .containsExactly("Up", "Subscribed", "Event", "Event", "Down", "Up", "Event", "Down");
    assertThat(seen().filter(Seen.Down.class::isInstance).map(seen -> ((Seen.Down) seen).code()))
        .containsExactly(1006, 1000);
  }

  @Test
  void sharesTokensThreadsAndEdgesAmongItsClients() throws Exception {
    try (ScriptedEdge one = new ScriptedEdge();
        ScriptedEdge two = new ScriptedEdge()) {
      ClientFleet fleet = fleet(List.of(one.uri(), two.uri()), 2);
      try (Peer first = one.upgrade();
          Peer second = two.upgrade()) {
        assertThat(first.hears()).contains("token-a");
        assertThat(second.hears()).contains("token-b");
        welcome(first);
        welcome(second);
        assertThat(first.hears()).contains("\"t.0\"");
        assertThat(second.hears()).contains("\"t.1\"");
        assertThat(fleet.status().connected()).isEqualTo(2);
        fleet.command("drop 1");
        assertThat(first.hearsTheEnd()).isTrue();
        try (Peer again = two.upgrade()) { // the next edge in turn
          assertThat(again.hears()).contains("token-a");
          fleet.close();
        }
      }
    }
  }

  private ClientFleet fleet(URI edge, int clients) throws IOException {
    return fleet(List.of(edge), clients);
  }

  private ClientFleet fleet(List<URI> edges, int clients) throws IOException {
    Path tokens = Files.writeString(directory.resolve("tokens"), "token-a\n\ntoken-b\n");
    ClientFleet.Plan plan =
        new ClientFleet.Plan(
            "c",
            edges,
            true,
            new Tokens(tokens),
            ThreadNames.parse("t.*2"),
            Optional.empty(),
            "earliest",
            false,
            0,
            clients,
            1,
            new LineOptions(List.of(InetAddress.getLoopbackAddress()), 0, 0),
            1);
    return new ClientFleet(
        plan,
        JournalWriter.seen(directory.resolve("seen-c.tsv")),
        Optional.of(new DelayLog(directory.resolve("delays.hlog"))));
  }

  private Stream<Seen> seen() {
    return Journals.seen(directory.resolve("seen-c.tsv"));
  }

  private static void welcome(Peer peer) throws IOException {
    peer.says("{\"op\":\"welcome\",\"connection\":\"x\",\"heartbeatMs\":20000,\"limits\":{}}");
  }

  private static void subscribed(Peer peer, int id) throws IOException {
    peer.says("{\"op\":\"subscribed\",\"id\":" + id + ",\"thread\":\"t.0\",\"cursor\":\"c0\"}");
  }

  private static String event(int seq) {
    return "{\"op\":\"event\",\"thread\":\"t.0\",\"run\":\"r\",\"attempt\":1,\"seq\":"
        + seq
        + ",\"cursor\":\"c"
        + seq
        + "\",\"ts\":1,\"event\":{\"type\":\"CUSTOM\"}}";
  }

  /** Closes the fleet while the edge answers its goodbye. */
  private static void closesWell(ClientFleet fleet, Peer peer) throws Exception {
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              try {
                fleet.close();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(peer.hears()).isEqualTo("close 1000");
    peer.sends(ServerFrames.close(1000));
    closed.get();
  }
}
