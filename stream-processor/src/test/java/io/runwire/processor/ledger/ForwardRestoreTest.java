package io.runwire.processor.ledger;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.failed;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.event.SourcePosition;
import io.runwire.fold.Verdict;
import io.runwire.processor.AgentEvent;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class ForwardRestoreTest {
  private static final long STAMP = 1_764_000_000_000L;

  private final LogIdentity log = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 1);

  /** The ledger's store after a history, and the changelog that it left. */
  private record Written(Map<String, String> store, List<TestRecord<byte[], byte[]>> changelog) {}

  private final Written written =
      write(
          started("t", "r", 1),
          content("t", "r", 1, 2),
          started("t", "s", 1),
          failed("t", "r", 1, 3),
          finished("t", "s", 1, 2),
          started("t", "r", 2),
          content("t", "r", 2, 2),
          started("u", "open", 1),
          failed("u", "open", 1, 2),
          finished("t", "r", 2, 3),
          new AgentEvent("t", "lost", 1, 1, EventType.RUN_ERROR, true));

  @Test
  void isWhatWasWritten() {
    assertThat(written.store()).hasSizeGreaterThan(4 * 2);
    assertThat(restored(written.changelog())).isEqualTo(written.store());
  }

  /** Whatever stretch of it a frozen processor writes again when others have gone on. */
  @Test
  void isNotTurnedBackByAZombie() {
    int length = written.changelog().size();
    for (int from = 0; from < length; from++) {
      for (int to = from + 1; to <= length; to++) {
        List<TestRecord<byte[], byte[]>> changelog = new ArrayList<>(written.changelog());
        changelog.addAll(written.changelog().subList(from, to));
        assertThat(restored(changelog))
            .as("records %d to %d again", from, to)
            .isEqualTo(written.store());
      }
    }
  }

  @Test
  void forgetsARunWithItsIndex() {
    List<TestRecord<byte[], byte[]>> changelog = new ArrayList<>(written.changelog());
    changelog.add(new TestRecord<>("run/r".getBytes(UTF_8), null));

    assertThat(restored(changelog).keySet())
        .doesNotContain("run/r")
        .noneMatch(key -> key.endsWith("/r"))
        .contains("run/s");
  }

  private static Map<String, String> restored(List<TestRecord<byte[], byte[]>> changelog) {
    KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("restored").get();
    changelog.forEach(record -> ForwardRestore.restore(store, record.key(), record.value()));
    Map<String, String> content = new TreeMap<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      all.forEachRemaining(
          entry -> content.put(new String(entry.key.get(), UTF_8), text(entry.value)));
    }
    return content;
  }

  private Written write(AgentEvent... events) {
    Topology topology = new Topology();
    LedgerTopology.addTo(topology, log, new NoCounts(), Duration.ofDays(180));
    topology.addProcessor(LedgerTopology.FOLLOWER, NoFollower::new, LedgerTopology.LEDGER);
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    try (TopologyTestDriver driver =
        new TopologyTestDriver(topology, settings, Instant.ofEpochMilli(STAMP))) {
      var threadEvents =
          driver.createInputTopic(
              Topic.THREAD_EVENTS.topicName(),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      for (int i = 0; i < events.length; i++) {
        Headers headers = events[i].headers();
        SourcePosition src = new SourcePosition(log.agentEvents(), 0, i);
        headers.add(EventHeaders.SRC, src.toString().getBytes(UTF_8));
        threadEvents.pipeInput(
            new TestRecord<>(events[i].key(), events[i].value(), headers, STAMP + i));
      }
      Map<String, String> content = new TreeMap<>();
      try (KeyValueIterator<String, byte[]> all =
          driver.<String, byte[]>getKeyValueStore(LedgerTopology.STORE).all()) {
        all.forEachRemaining(entry -> content.put(entry.key, text(entry.value)));
      }
      return new Written(
          content,
          driver
              .createOutputTopic(
                  "app-" + LedgerTopology.STORE + "-changelog",
                  new ByteArrayDeserializer(),
                  new ByteArrayDeserializer())
              .readRecordsToList());
    }
  }

  private static String text(byte[] value) {
    return new String(value, UTF_8);
  }

  private static final class NoCounts implements LedgerCounts {
    @Override
    public void folded(Verdict verdict) {}

    @Override
    public void unreadable() {}
  }

  private static final class NoFollower implements Processor<String, LedgerRow, Void, Void> {
    @Override
    public void process(Record<String, LedgerRow> row) {}
  }
}
