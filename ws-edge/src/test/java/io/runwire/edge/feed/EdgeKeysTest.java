package io.runwire.edge.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogEntry;
import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.seal.DataKey;
import io.runwire.seal.KeyName;
import io.runwire.seal.KeyWrapper;
import io.runwire.seal.KeysUnavailableException;
import io.runwire.seal.SealMark;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A key that is not there yet is awaited; only one that will never be there is an erased one. */
class EdgeKeysTest {
  private static final LogIdentity LOG = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 1);
  private static final String PLAIN =
      "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"the secret\"}";

  /** Wraps nothing, unless it is away. */
  private static final class OpenWrapper implements KeyWrapper {
    volatile boolean away;

    @Override
    public byte[] wrap(KeyName name, byte[] dataKey) {
      return dataKey;
    }

    @Override
    public byte[] unwrap(KeyName name, byte[] wrapped) {
      if (away) {
        throw new KeysUnavailableException("the key service is away");
      }
      return wrapped;
    }
  }

  private final MockKeys topic = new MockKeys();
  private final OpenWrapper wrapper = new OpenWrapper();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Integer> forgotten = new CopyOnWriteArrayList<>();
  private final KeyName name = KeyName.random("t", 655);
  private final byte[] secret = DataKey.random();
  private @Nullable EdgeKeys keys;

  @AfterEach
  void stop() {
    if (keys != null) {
      keys.close();
    }
  }

  @Test
  void whatIsSealedIsShownByteForByte() {
    topic.append(name.recordKey(), secret);
    open();

    assertThat(event(sealed("TEXT_MESSAGE_CONTENT", PLAIN))).isEqualTo(PLAIN);
    assertThat(count("opened")).isEqualTo(1);
  }

  @Test
  void aKeyThatIsMadeWhileTheEdgeRunsIsFollowed() {
    open();
    topic.append(name.recordKey(), secret);

    assertThat(event(sealed("TEXT_MESSAGE_CONTENT", PLAIN))).isEqualTo(PLAIN);
  }

  @Test
  void aKeyThatTheEdgeHasNotReadYetIsNotTakenForAnErasedOne() {
    open();
    topic.hold();
    topic.append(name.recordKey(), secret);

    assertThatThrownBy(() -> event(sealed("TEXT_MESSAGE_CONTENT", PLAIN)))
        .isInstanceOf(KeysUnavailableException.class);
    topic.goOn();

    await()
        .ignoreExceptionsInstanceOf(KeysUnavailableException.class)
        .until(() -> event(sealed("TEXT_MESSAGE_CONTENT", PLAIN)), PLAIN::equals);
    assertThat(count("erased")).isZero();
  }

  @Test
  void whereTheEndOfTheKeysCannotBeToldNothingIsTakenForErased() {
    open();
    topic.away(true);

    assertThatThrownBy(() -> event(sealed("TEXT_MESSAGE_CONTENT", PLAIN)))
        .isInstanceOf(KafkaException.class);
    assertThat(count("erased")).isZero();
  }

  @Test
  void aKeyThatCannotBeUnwrappedNowIsNotTakenForAnErasedOne() {
    topic.append(name.recordKey(), secret);
    open();
    wrapper.away = true;

    assertThatThrownBy(() -> event(sealed("TEXT_MESSAGE_CONTENT", PLAIN)))
        .isInstanceOf(KeysUnavailableException.class);
    wrapper.away = false;
    assertThat(event(sealed("TEXT_MESSAGE_CONTENT", PLAIN))).isEqualTo(PLAIN);
  }

  @Test
  void whatWasErasedSaysSoAndTheRunStillStartsAndEnds() {
    topic.append(name.recordKey(), secret);
    topic.append(name.recordKey(), null);
    open();

    assertThat(event(sealed("TEXT_MESSAGE_CONTENT", PLAIN)))
        .isEqualTo(
            "{\"type\":\"CUSTOM\",\"name\":\"runwire.erased\","
                + "\"value\":{\"type\":\"TEXT_MESSAGE_CONTENT\"}}");
    assertThat(event(sealed("RUN_STARTED", "{\"type\":\"RUN_STARTED\",\"input\":\"secret\"}")))
        .isEqualTo("{\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"r\"}");
    assertThat(event(sealed("RUN_FINISHED", "{\"type\":\"RUN_FINISHED\",\"result\":\"secret\"}")))
        .isEqualTo("{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\"}");
    ConsumerRecord<byte[], byte[]> error =
        sealed("RUN_ERROR", "{\"type\":\"RUN_ERROR\",\"message\":\"secret\"}");
    error.headers().add(EventHeaders.ERROR_CODE, "AGENT_LOST".getBytes(UTF_8));
    assertThat(event(error))
        .isEqualTo("{\"type\":\"RUN_ERROR\",\"message\":\"erased\",\"code\":\"AGENT_LOST\"}");
    assertThat(topic.endsAsked()).as("once a key, and no more").isEqualTo(1);
    assertThat(count("erased")).isEqualTo(4);
  }

  @Test
  void whatWasErasedBeforeItWasRoutedNeedsNoKey() {
    open();
    ConsumerRecord<byte[], byte[]> record =
        record("TEXT_MESSAGE_CONTENT", SealMark.NOTHING, new byte[0]);

    assertThat(event(record)).contains("runwire.erased");
    assertThat(topic.endsAsked()).isZero();
  }

  @Test
  void anErasureIsHeardOfAndWhatIsInMemoryForgotten() {
    topic.append(name.recordKey(), secret);
    open();
    assertThat(event(sealed("TEXT_MESSAGE_CONTENT", PLAIN))).isEqualTo(PLAIN);

    topic.append(name.recordKey(), null);

    await().until(() -> forgotten.equals(List.of(0)));
    assertThat(event(sealed("TEXT_MESSAGE_CONTENT", PLAIN))).contains("runwire.erased");
  }

  @Test
  void whatIsNotWhatWasSealedIsNeverShown() {
    topic.append(name.recordKey(), secret);
    open();
    ConsumerRecord<byte[], byte[]> record = sealed("TEXT_MESSAGE_CONTENT", PLAIN);
    record.value()[20] ^= 1;

    assertThat(event(record)).contains("runwire.altered").doesNotContain("secret");
    assertThat(count("altered")).isEqualTo(1);
  }

  @Test
  void anEdgeWithoutKeysShowsNothingOfASealedValue() {
    RecordDecoder without = new RecordDecoder(Opener.NONE);

    assertThatThrownBy(() -> without.decode(LOG, sealed("TEXT_MESSAGE_CONTENT", PLAIN)))
        .isInstanceOf(KeysUnavailableException.class)
        .hasMessageContaining("payload.encryption");
  }

  private void open() {
    keys = new EdgeKeys(wrapper, topic.consumer(), 1, topic::end, registry);
    keys.start(forgotten::add);
  }

  private String event(ConsumerRecord<byte[], byte[]> record) {
    LogEntry entry = new RecordDecoder(requireNonNull(keys)).decode(LOG, record).orElseThrow();
    ByteBuffer event = entry.frame().event();
    return UTF_8.decode(event).toString();
  }

  private double count(String outcome) {
    return registry.get("runwire.edge.sealed").tag("outcome", outcome).counter().count();
  }

  private ConsumerRecord<byte[], byte[]> sealed(String type, String value) {
    ConsumerRecord<byte[], byte[]> plain = record(type, SealMark.by(name), new byte[0]);
    Envelope envelope = ((Read) EnvelopeReader.read(plain.key(), plain.headers())).envelope();
    return record(
        type, SealMark.by(name), DataKey.of(secret).seal(name, envelope, value.getBytes(UTF_8)));
  }

  private static ConsumerRecord<byte[], byte[]> record(String type, SealMark mark, byte[] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(EventHeaders.RUN, "r".getBytes(UTF_8));
    headers.add(EventHeaders.SEQ, "3".getBytes(UTF_8));
    headers.add(EventHeaders.TYPE, type.getBytes(UTF_8));
    headers.add(EventHeaders.SRC, (LOG.agentEvents() + ":0:7").getBytes(UTF_8));
    headers.add(EventHeaders.SEALED, mark.header());
    return new ConsumerRecord<>(
        "thread-events",
        0,
        9,
        0,
        TimestampType.CREATE_TIME,
        1,
        value.length,
        "t".getBytes(UTF_8),
        value,
        headers,
        Optional.empty());
  }
}
