package io.runwire.processor.topology;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.Envelope;
import io.runwire.event.RejectReason;
import io.runwire.event.SourcePosition;
import io.runwire.processor.topology.Decision.Accepted;
import io.runwire.processor.topology.Decision.Reentered;
import io.runwire.processor.topology.Decision.Rejected;
import io.runwire.processor.topology.PayloadSeal.Sealed;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what {@link Routing} decides. Belongs to a stream thread. */
final class RouterProcessor implements Processor<byte[], byte[], byte[], Outgoing> {
  /** A run that has not changed for this long is gone from agent-events, which keeps 24 h. */
  static final Duration FORGET_AFTER = Duration.ofHours(26);

  private static final Logger LOG = LoggerFactory.getLogger(RouterProcessor.class);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  private final LogIdentity log;
  private final PayloadSeal seal;
  private final RoutingCounts counts;
  private final Routing routing;

  // Kafka Streams calls init first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<byte[], Outgoing> context;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<String, byte[]> runs;

  RouterProcessor(LogIdentity log, PayloadSeal seal, RoutingCounts counts) {
    this.log = log;
    this.seal = seal;
    this.counts = counts;
    this.routing = new Routing(log.partitions());
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> context) {
    this.context = context;
    this.runs = context.getStateStore(Router.STORE);
    Incarnation.tie(runs, Topic.AGENT_EVENTS.topicName(), log.agentEvents());
    Sweep sweep = new Sweep(runs);
    context.schedule(
        SWEEP_EVERY,
        PunctuationType.STREAM_TIME,
        nowMs -> sweep.slice((run, row) -> forgetIfOld(run, row, nowMs)));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Decision decision = decide(record, at);
    if (decision instanceof Accepted accepted) {
      accept(record, at, accepted);
    } else if (decision instanceof Rejected rejected) {
      reject(record, at, rejected);
    } else if (decision instanceof Reentered reentered) {
      reenter(record, reentered);
    }
  }

  private Decision decide(Record<byte[], byte[]> record, RecordMetadata at) {
    Decision decision = decideByItself(record, at);
    if (!(decision instanceof Accepted accepted)) {
      return decision;
    }
    Envelope envelope = accepted.envelope();
    byte[] row = runs.get(envelope.run());
    return routing.byItsRun(
        envelope, at.offset(), record.timestamp(), row == null ? null : RoutedRun.decode(row));
  }

  /**
   * Only what reads the record's own bytes is guarded: a store that fails is no fault of theirs.
   */
  private Decision decideByItself(Record<byte[], byte[]> record, RecordMetadata at) {
    try {
      return routing.byItself(record.key(), record.headers(), record.value(), at.partition());
    } catch (RuntimeException bug) {
      LOG.error("record {} cannot be read and is rejected", src(at), bug);
      return new Rejected(RejectReason.MALFORMED_JSON, "cannot be read: " + bug);
    }
  }

  private void accept(Record<byte[], byte[]> record, RecordMetadata at, Accepted accepted) {
    Envelope envelope = accepted.envelope();
    Sealed sealed = seal.seal(envelope, src(at), record.timestamp(), record.value());
    // Before its row, so as not to queue behind it: a crash may lose either, in whatever order.
    context.forward(
        new Record<>(
            utf8(envelope.thread()),
            new Outgoing(sealed.value(), at.partition()),
            record.timestamp(),
            RoutedHeaders.accepted(record.headers(), src(at), sealed.headers())),
        Router.TO_THREAD_EVENTS);
    accepted.remember().ifPresent(row -> runs.put(envelope.run(), row.encode()));
    counts.accepted();
  }

  /** What is too large for any topic is left out; {@code src} tells where it stands whole. */
  private void reject(Record<byte[], byte[]> record, RecordMetadata at, Rejected rejected) {
    long envelope = RecordSize.envelope(record.key(), record.headers());
    boolean keepsEnvelope = envelope <= RecordSize.MAX_ENVELOPE;
    boolean keepsValue =
        (keepsEnvelope ? envelope : 0) + RecordSize.length(record.value()) <= RecordSize.MAX_RECORD;
    Headers came = keepsEnvelope ? record.headers() : new RecordHeaders();
    context.forward(
        new Record<>(
            keepsEnvelope ? record.key() : null,
            new Outgoing(keepsValue ? record.value() : null, at.partition()),
            record.timestamp(),
            RoutedHeaders.rejected(came, src(at), rejected)),
        Router.TO_REJECTED_EVENTS);
    counts.rejected(rejected.reason());
    LOG.debug("rejected {}: {}, {}", src(at), rejected.reason(), rejected.detail());
  }

  private void reenter(Record<byte[], byte[]> record, Reentered reentered) {
    context.forward(
        new Record<>(
            utf8(reentered.thread()),
            new Outgoing(record.value(), reentered.partition()),
            record.timestamp(),
            RoutedHeaders.reentered(record.headers())),
        Router.TO_AGENT_EVENTS);
    counts.reentered();
  }

  private void forgetIfOld(String run, byte[] row, long nowMs) {
    if (!run.equals(Incarnation.KEY)
        && RoutedRun.decode(row).changedAtMs() < nowMs - FORGET_AFTER.toMillis()) {
      runs.delete(run);
    }
  }

  private SourcePosition src(RecordMetadata at) {
    return new SourcePosition(log.agentEvents(), at.partition(), at.offset());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
