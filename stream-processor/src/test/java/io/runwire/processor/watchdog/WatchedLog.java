package io.runwire.processor.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.RejectReason;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.processor.AgentEvent;
import io.runwire.processor.ledger.LedgerCounts;
import io.runwire.processor.ledger.LedgerTopology;
import io.runwire.processor.topology.PayloadSeal;
import io.runwire.processor.topology.Router;
import io.runwire.processor.topology.RoutingCounts;
import io.runwire.processor.watchdog.RoutedUpTo.Horizon;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Router, ledger and watchdog on a log of one partition, with a clock that the test moves. What the
 * watchdog writes goes through the router like any agent's record.
 */
final class WatchedLog implements AutoCloseable, RoutingCounts, LedgerCounts, WatchdogCounts {
  private static final Duration STEP = Duration.ofSeconds(1);

  final List<RejectReason> rejected = new ArrayList<>();
  final Map<EndCode, Integer> ended = new EnumMap<>(EndCode.class);
  int restarts;
  int watched;
  Duration overdue = Duration.ZERO;

  /** Whether the watchdog can know that all is routed. */
  boolean routed = true;

  /** Records of thread-events that the ledger has yet to read. */
  int unread;

  private final List<Envelope> log = new ArrayList<>();
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> agentEvents;
  private final TestOutputTopic<byte[], byte[]> threadEvents;
  private long nowMs = 1_000_000;

  WatchedLog(WatchdogSettings settings) {
    LogIdentity identity = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 1);
    Topology topology = new Topology();
    Router.addTo(topology, identity, PayloadSeal.OFF, this);
    LedgerTopology.addTo(topology, identity, this, Duration.ofDays(1));
    Watchdog.addTo(topology, identity, settings, partition -> horizon(), this, () -> nowMs);
    driver = new TopologyTestDriver(topology, new Properties(), Instant.ofEpochMilli(nowMs));
    agentEvents =
        driver.createInputTopic(
            Topic.AGENT_EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
    threadEvents =
        driver.createOutputTopic(
            Topic.THREAD_EVENTS.topicName(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  void send(AgentEvent event) {
    send(event, event.headers());
  }

  void send(AgentEvent event, Headers headers) {
    agentEvents.pipeInput(new TestRecord<>(event.key(), event.value(), headers, nowMs));
    collect();
  }

  void sendStart(String run, Duration timeout) {
    AgentEvent start = AgentEvent.started("t", run, 1);
    Headers headers = start.headers();
    headers.add(EventHeaders.TIMEOUT_MS, Long.toString(timeout.toMillis()).getBytes(UTF_8));
    send(start, headers);
  }

  /** Lets time go by, second by second. */
  void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= STEP.toMillis()) {
      nowMs += Math.min(left, STEP.toMillis());
      driver.advanceWallClockTime(Duration.ofMillis(Math.min(left, STEP.toMillis())));
      collect();
    }
  }

  /** What a reader of the log hands on. */
  List<Envelope> read() {
    Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
    return log.stream().filter(event -> fold.apply(event) == Verdict.PASS).toList();
  }

  /** The last event that a reader hands on. */
  Envelope last() {
    List<Envelope> read = read();
    return read.get(read.size() - 1);
  }

  /** The values of thread-events are not kept; this is the ledger's word on a run's error. */
  KeyValueStore<String, byte[]> ledger() {
    return driver.getKeyValueStore(LedgerTopology.STORE);
  }

  private Optional<Horizon> horizon() {
    return routed ? Optional.of(new Horizon(nowMs, log.size() + unread)) : Optional.empty();
  }

  private void collect() {
    for (TestRecord<byte[], byte[]> record : threadEvents.readRecordsToList()) {
      log.add(((Read) EnvelopeReader.read(record.key(), record.headers())).envelope());
    }
  }

  @Override
  public void accepted() {}

  @Override
  public void rejected(RejectReason reason) {
    rejected.add(reason);
  }

  @Override
  public void reentered() {}

  @Override
  public void folded(Verdict verdict) {}

  @Override
  public void unreadable() {}

  @Override
  public void ended(EndCode code) {
    ended.merge(code, 1, Integer::sum);
  }

  @Override
  public void restarted() {
    restarts++;
  }

  @Override
  public void watching(int partition, int runs, Duration overdue) {
    watched = runs;
    this.overdue = overdue;
  }

  @Override
  public void released(int partition) {
    watched = 0;
  }

  @Override
  public void close() {
    driver.close();
  }
}
