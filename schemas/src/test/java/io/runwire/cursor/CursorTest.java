package io.runwire.cursor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final LogIdentity LOG = new LogIdentity(new Uuid(1, 2), new Uuid(3, 4), 8);
  private static final Cursor CURSOR = new Cursor(LOG, 3, 64, 2, 63, Cursor.hash("thread"));

  /** Clients store cursors: whoever changes their form must take a new version. */
  private static final String TEXT =
      "AQAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAAEAAAACAAAAAMAAAAAAAAAQAAAAAIAAAAAAAAAP0Xhz7h6gH2L";

  // Where the fields stand in the bytes.
  private static final int VERSION = 0;
  private static final int PARTITIONS = 33;
  private static final int PARTITION = 37;
  private static final int OFFSET = 41;
  private static final int EPOCH = 49;
  private static final int SOURCE = 53;
  private static final int CHECKSUM = 65;

  @Property
  void holdsWhatItWasMadeOf(@ForAll("cursors") Cursor cursor) {
    assertThat(Cursor.decode(cursor.encode())).contains(cursor);
  }

  @Property
  void isOfOneLengthAndOfCharactersThatNoUrlEscapes(@ForAll("cursors") Cursor cursor) {
    assertThat(cursor.encode()).matches("[A-Za-z0-9_-]{92}").hasSize(Cursor.LENGTH);
    assertThat(cursor.encodeAscii()).isEqualTo(cursor.encode().getBytes(ISO_8859_1));
  }

  @Test
  void keepsItsForm() {
    assertThat(CURSOR.encode()).isEqualTo(TEXT);
    assertThat(Cursor.decode(TEXT)).contains(CURSOR);
  }

  @Property(tries = 50)
  void refusesEverySingleFlippedBit(@ForAll("cursors") Cursor cursor) {
    byte[] text = cursor.encodeAscii();
    for (int bit = 0; bit < text.length * 8; bit++) {
      byte[] flipped = text.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Cursor.decode(new String(flipped, ISO_8859_1))).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void refusesEveryTruncationAndEveryExtension() {
    String text = CURSOR.encode();
    for (int length = 0; length < text.length(); length++) {
      assertThat(Cursor.decode(text.substring(0, length))).as("first %d", length).isEmpty();
      assertThat(Cursor.decode(text.substring(text.length() - length))).isEmpty();
    }
    assertThat(Cursor.decode(text + "A")).isEmpty();
    assertThat(Cursor.decode(text + "====")).isEmpty();
    assertThat(Cursor.decode(text.repeat(10_000))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"=", "==", "\r\n", "\u0000", " ", "+/", "é", "𝔄", "\u202e"})
  void refusesWhatIsNoUrlSafeBase64(String end) {
    String text = CURSOR.encode();

    assertThat(Cursor.decode(text.substring(0, text.length() - end.length()) + end)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 2, 127, -1})
  void refusesAnotherVersion(byte version) {
    assertThat(Cursor.decode(forged(bytes -> bytes.put(VERSION, version)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "8, 9", "8, -1", "0, 0", "-8, -9", "1, 2147483647"})
  void refusesAPartitionThatTheLogDoesNotHave(int partitions, int partition) {
    String forged =
        forged(bytes -> bytes.putInt(PARTITIONS, partitions).putInt(PARTITION, partition));

    assertThat(Cursor.decode(forged)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void refusesAnOffsetBelowZero(long offset) {
    assertThat(Cursor.decode(forged(bytes -> bytes.putLong(OFFSET, offset)))).isEmpty();
  }

  @Test
  void refusesAnEpochOrASourceOffsetBelowNone() {
    assertThat(Cursor.decode(forged(bytes -> bytes.putInt(EPOCH, -2)))).isEmpty();
    assertThat(Cursor.decode(forged(bytes -> bytes.putLong(SOURCE, -2)))).isEmpty();
  }

  @Test
  void readsTheFarthestOffset() {
    Cursor farthest =
        new Cursor(LOG, 7, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE);

    assertThat(Cursor.decode(farthest.encode())).contains(farthest);
  }

  @Test
  void knowsItsThreadFromOthers() {
    assertThat(CURSOR.isOf("thread")).isTrue();
    assertThat(CURSOR.isOf("thread2")).isFalse();
    assertThat(CURSOR.isOf("Thread")).isFalse();
    assertThat(CURSOR.isOf("")).isFalse();
  }

  @Test
  void cannotBeMadeOfWhatIsNoPosition() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(LOG, 8, 0, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(LOG, -1, 0, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(LOG, 0, -1, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(LOG, 0, 0, -2, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cursor(LOG, 0, 0, 0, -2, 0))
        .withMessageContaining("source offset -2");
  }

  @Provide
  Arbitrary<Cursor> cursors() {
    Arbitrary<Uuid> ids =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(Uuid::new);
    Arbitrary<LogIdentity> logs =
        Combinators.combine(ids, ids, Arbitraries.integers().between(1, Integer.MAX_VALUE))
            .as(LogIdentity::new);
    return Combinators.combine(
            logs,
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.longs().greaterOrEqual(0),
            Arbitraries.integers().greaterOrEqual(Cursor.NO_EPOCH),
            Arbitraries.longs().greaterOrEqual(-1),
            Arbitraries.integers())
        .as(
            (log, partition, offset, epoch, source, hash) ->
                new Cursor(log, partition % log.partitions(), offset, epoch, source, hash));
  }

  /** A cursor so changed, with a checksum that fits: what a client could make up. */
  private static String forged(Consumer<ByteBuffer> change) {
    byte[] bytes = Base64.getUrlDecoder().decode(TEXT);
    ByteBuffer view = ByteBuffer.wrap(bytes);
    change.accept(view);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CHECKSUM);
    view.putInt(CHECKSUM, (int) crc.getValue());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
