package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.drive.ScriptedRun.Script;
import io.runwire.loadtest.journal.Hashes;
import io.runwire.loadtest.journal.JournalWriter;
import io.runwire.loadtest.journal.Journals;
import io.runwire.loadtest.journal.Sent;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentFleetTest {
  @TempDir Path directory = Path.of("");

  private final MemoryLog memory = new MemoryLog();
  private final MockProducer<byte[], byte[]> stray = producerOfOnePartition();

  @Test
  void completesAndSettlesItsRunsBeforeItCloses() throws Exception {
    AgentFleet fleet = fleet(0, 0);
    while (fleet.status().settled() < 5) {
      LockSupport.parkNanos(1_000_000);
    }
    fleet.close();
    AgentFleet.Status end = fleet.status();
    assertThat(end.going()).isZero();
    assertThat(end.lost()).isZero();
    assertThat(end.settled()).isEqualTo(end.runs());
    assertThat(end.unsettled()).isZero();
    assertThat(hashes(Sent.Result.UNKNOWN))
        .containsExactlyInAnyOrderElementsOf(
            memory.events().stream().map(AgentEvent::value).map(Hashes::of).toList());
    assertThat(hashes(Sent.Result.ACKED))
        .containsExactlyInAnyOrderElementsOf(hashes(Sent.Result.UNKNOWN));
    assertThat(sent().stream().filter(Sent::ends).map(Sent::run).distinct())
        .hasSize((int) end.runs());
    assertThat(stray.history()).isEmpty();
  }

  @Test
  void repeatsAndPoisonsBySharesOfWhatIsSettled() throws Exception {
    AgentFleet fleet = fleet(50, 20);
    while (fleet.status().repeats() < 50 || fleet.status().poison() < 20) {
      LockSupport.parkNanos(1_000_000);
    }
    fleet.close();
    AgentFleet.Status end = fleet.status();
    assertThat(stray.history()).hasSize((int) (end.repeats() + end.poison()));
    assertThat(end.repeats()).isBetween(end.events() / 4, end.events() * 3 / 4);
    assertThat(end.poison()).isBetween(end.events() / 10, end.events() * 3 / 10);
    assertThat(sent()).hasSize((int) end.events() * 2); // strays are not journaled
  }

  private AgentFleet fleet(double repeatPercent, double poisonPercent) {
    AgentFleet.Plan plan =
        new AgentFleet.Plan(
            ThreadNames.parse("t.*4"),
            100,
            Duration.ofMillis(1),
            new Script(20, Duration.ofMinutes(1), 0),
            42);
    return new AgentFleet(
        plan,
        memory,
        JournalWriter.sent(directory.resolve("sent-a.tsv")),
        new Strays(stray, repeatPercent, poisonPercent, 42));
  }

  private List<Sent> sent() {
    return Journals.sent(directory.resolve("sent-a.tsv")).toList();
  }

  private List<Long> hashes(Sent.Result result) {
    return sent().stream().filter(sent -> sent.result() == result).map(Sent::hash).toList();
  }

  private static MockProducer<byte[], byte[]> producerOfOnePartition() {
    Node node = new Node(0, "localhost", 9092);
    PartitionInfo only =
        new PartitionInfo("agent-events", 0, node, new Node[] {node}, new Node[] {node});
    Cluster cluster = new Cluster("id", List.of(node), List.of(only), Set.of(), Set.of());
    return new MockProducer<>(
        cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
