package io.runwire.seal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DataKeyTest {
  private static final Uuid LOG = new Uuid(7, 9);
  private static final KeyName NAME = KeyName.random("t", 655);
  private static final byte[] VALUE =
      "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"the secret 😀\"}".getBytes(UTF_8);

  private final byte[] secret = DataKey.random();
  private final DataKey key = DataKey.of(secret);

  @Test
  void opensWhatItSealedByteForByte() {
    byte[] sealed = key.seal(NAME, at(1, 5), VALUE);

    assertThat(sealed).hasSize(VALUE.length + DataKey.OVERHEAD);
    assertThat(new String(sealed, UTF_8)).doesNotContain("secret");
    assertThat(key.open(NAME, at(1, 5), sealed)).hasValue(VALUE);
    assertThat(DataKey.of(secret).open(NAME, at(1, 5), sealed)).hasValue(VALUE);
  }

  @Test
  void sealsARepetitionToTheSameBytes() {
    assertThat(DataKey.of(secret).seal(NAME, at(1, 5), VALUE))
        .isEqualTo(key.seal(NAME, at(1, 5), VALUE));
  }

  @Test
  void usesANonceForOneValueInOnePlaceOnly() {
    // The same position with another value: agent-events was cut, and went on.
    byte[] other = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"other\"}".getBytes(UTF_8);
    List<byte[]> sealed =
        IntStream.range(0, 100)
            .boxed()
            .flatMap(
                i ->
                    Stream.of(
                        key.seal(NAME, at(i + 1, i), VALUE),
                        key.seal(NAME, at(i + 1, i), other),
                        key.seal(NAME, at(i + 1, i + 1), VALUE)))
            .toList();
    Set<String> nonces = new HashSet<>();
    sealed.forEach(bytes -> nonces.add(new String(bytes, 0, 12, ISO_8859_1)));

    assertThat(nonces).hasSize(300);
  }

  @Test
  void noBitCanBeAltered() {
    byte[] sealed = key.seal(NAME, at(1, 5), VALUE);
    for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
      byte[] altered = sealed.clone();
      altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThat(key.open(NAME, at(1, 5), altered)).isEmpty();
    }
    for (int length = 0; length < sealed.length; length++) {
      assertThat(key.open(NAME, at(1, 5), Arrays.copyOf(sealed, length))).isEmpty();
    }
  }

  static Stream<Envelope> otherPlaces() {
    return Stream.of(
        envelope("u", "r", 1, 1, EventType.TEXT_MESSAGE_CONTENT, false, 5),
        envelope("t", "q", 1, 1, EventType.TEXT_MESSAGE_CONTENT, false, 5),
        envelope("t", "r", 2, 1, EventType.TEXT_MESSAGE_CONTENT, false, 5),
        envelope("t", "r", 1, 2, EventType.TEXT_MESSAGE_CONTENT, false, 5),
        envelope("t", "r", 1, 1, EventType.RUN_ERROR, false, 5),
        envelope("t", "r", 1, 1, EventType.TEXT_MESSAGE_CONTENT, true, 5),
        envelope("t", "r", 1, 1, EventType.TEXT_MESSAGE_CONTENT, false, 6));
  }

  @ParameterizedTest
  @MethodSource("otherPlaces")
  void aSealedValueCannotBeMoved(Envelope elsewhere) {
    assertThat(key.open(NAME, elsewhere, key.seal(NAME, at(1, 5), VALUE))).isEmpty();
  }

  @Test
  void noOtherKeyOpensIt() {
    byte[] sealed = key.seal(NAME, at(1, 5), VALUE);

    assertThat(DataKey.of(DataKey.random()).open(NAME, at(1, 5), sealed)).isEmpty();
    assertThat(key.open(KeyName.random("t", 655), at(1, 5), sealed)).isEmpty();
  }

  @Test
  void aMasterKeyUnwrapsForTheNameThatItWrappedFor() {
    MasterKey master = MasterKey.generate();
    byte[] wrapped = master.wrap(NAME, secret);

    assertThat(MasterKey.parse(master.secret()).flatMap(same -> same.unwrap(NAME, wrapped)))
        .hasValue(secret);
    assertThat(master.unwrap(new KeyName("u", NAME.id()), wrapped)).isEmpty();
    assertThat(MasterKey.generate().unwrap(NAME, wrapped)).isEmpty();
    wrapped[wrapped.length - 1] ^= 1;
    assertThat(master.unwrap(NAME, wrapped)).isEmpty();
  }

  @Test
  void aMarkSaysByWhichKey() {
    assertThat(SealMark.parse(SealMark.by(NAME).header())).hasValue(SealMark.by(NAME));
    assertThat(SealMark.parse(SealMark.NOTHING.header())).hasValue(SealMark.NOTHING);
    assertThat(SealMark.parse("A256GCM ../etc".getBytes(UTF_8))).isEmpty();
    assertThat(SealMark.parse("A512 1-abc".getBytes(UTF_8))).isEmpty();
  }

  private static Envelope at(long seq, long source) {
    return envelope("t", "r", 1, seq, EventType.TEXT_MESSAGE_CONTENT, false, source);
  }

  private static Envelope envelope(
      String thread, String run, int attempt, long seq, EventType type, boolean ends, long source) {
    return new Envelope(
        thread,
        run,
        attempt,
        seq,
        type,
        ends,
        Optional.empty(),
        Origin.AGENT,
        Optional.of(new SourcePosition(LOG, 0, source)));
  }
}
