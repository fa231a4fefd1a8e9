package io.runwire.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.seal.ThreadKeys.Wrapped;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final long STRETCH = 655;
  private static final Uuid LOG = new Uuid(7, 9);

  private final KeyRing ring = new KeyRing(8);
  private final int partition = ring.partition("t");

  @Test
  void ofKeysThatWereMadeAtTheSameTimeTheFirstSealsAndAllOpen() {
    KeyName first = KeyName.random("t", STRETCH);
    KeyName second = KeyName.random("t", STRETCH);
    made(9, second);
    made(5, first); // as it is when the topic is read once more

    assertThat(ring.of("t").sealing(STRETCH).map(Wrapped::name)).hasValue(first);
    assertThat(ring.of("t").named(second.id())).isPresent();
    assertThat(ring.of("u").sealing(STRETCH)).isEmpty();
  }

  @Test
  void eachStretchOfTimeHasItsKey() {
    KeyName old = KeyName.random("t", STRETCH);
    KeyName young = KeyName.random("t", STRETCH + 1);
    made(5, old);
    made(6, young);

    assertThat(ring.of("t").sealing(STRETCH).map(Wrapped::name)).hasValue(old);
    assertThat(ring.of("t").sealing(STRETCH + 1).map(Wrapped::name)).hasValue(young);
    assertThat(KeyName.stretch(KeyName.STRETCH.toMillis() * STRETCH)).isEqualTo(STRETCH);
    assertThat(KeyName.stretch(KeyName.STRETCH.toMillis() * STRETCH - 1)).isEqualTo(STRETCH - 1);
    assertThat(KeyName.stretch(-1)).isZero();
  }

  @Test
  void aKeyThatIsDestroyedIsToldOfOnceAndGone() {
    KeyName name = KeyName.random("t", STRETCH);
    made(5, name);

    assertThat(apply(6, name.recordKey(), null)).hasValue(name);
    assertThat(apply(7, name.recordKey(), null)).isEmpty();
    assertThat(ring.of("t").named(name.id())).isEmpty();
    assertThat(ring.size()).isZero();
  }

  @Test
  void anErasureCoversWhatStoodInAgentEventsBeforeIt() {
    SourcePosition before = new SourcePosition(LOG, partition, 100);
    apply(5, KeyRecord.erasedKey("t"), KeyRecord.erasedValue(before));
    made(6, KeyName.random("t", STRETCH));

    assertThat(ring.of("t").erases(at(LOG, partition, 99))).isTrue();
    assertThat(ring.of("t").erases(at(LOG, partition, 100))).isFalse();
    assertThat(ring.of("t").erases(at(LOG, partition + 1, 99))).isFalse();
    assertThat(ring.of("t").erases(at(new Uuid(1, 1), partition, 99))).isFalse();
    assertThat(ring.of("u").erases(at(LOG, partition, 99))).isFalse();
    assertThat(ring.of("t").sealing(STRETCH)).isPresent();
  }

  @Test
  void whatHasExpiredIsForgottenInItsPartitionAlone() {
    String other = other();
    KeyName old = KeyName.random("t", STRETCH);
    KeyName young = KeyName.random("t", STRETCH + 1);
    KeyName others = KeyName.random(other, STRETCH);
    made(5, old);
    made(6, young);
    apply(4, others.recordKey(), new byte[] {1});

    ring.begin(partition, 6);

    assertThat(ring.of("t").named(old.id())).isEmpty();
    assertThat(ring.of("t").named(young.id())).isPresent();
    assertThat(ring.of(other).named(others.id())).isPresent();
    ring.begin(partition, 7);
    assertThat(ring.size()).isEqualTo(1);
  }

  @Test
  void whatIsNoKeyChangesNothing() {
    apply(1, KeyRecord.beatKey(), new byte[] {1});
    apply(2, "no key".getBytes(UTF_8), new byte[] {1});
    apply(3, "t/655-short".getBytes(UTF_8), new byte[] {1});
    apply(4, "t/".getBytes(UTF_8), "nowhere".getBytes(UTF_8));
    apply(5, null, new byte[] {1});

    assertThat(ring.size()).isZero();
  }

  @Test
  void tellsWhetherItWasReadFarEnough() throws InterruptedException {
    ring.reached(partition, 6);

    assertThat(ring.await(partition, 6, Duration.ZERO)).isTrue();
    assertThat(ring.await(partition, 7, Duration.ZERO)).isFalse();
    assertThat(ring.await(partition + 1, 1, Duration.ZERO)).isFalse();
    Thread reader = new Thread(() -> ring.reached(partition, 7));
    reader.start();
    assertThat(ring.await(partition, 7, Duration.ofSeconds(30))).isTrue();
    reader.join();
  }

  private void made(long offset, KeyName name) {
    apply(offset, name.recordKey(), new byte[] {1});
  }

  private Optional<KeyName> apply(long offset, byte @Nullable [] key, byte @Nullable [] value) {
    return ring.apply(new ConsumerRecord<>("thread-keys", partition, offset, key, value));
  }

  private String other() {
    for (int i = 0; ; i++) {
      if (ring.partition("t" + i) != partition) {
        return "t" + i;
      }
    }
  }

  private static Envelope at(Uuid log, int partition, long source) {
    return new Envelope(
        "t",
        "r",
        1,
        2,
        EventType.TEXT_MESSAGE_CONTENT,
        false,
        Optional.empty(),
        Origin.AGENT,
        Optional.of(new SourcePosition(log, partition, source)));
  }
}
