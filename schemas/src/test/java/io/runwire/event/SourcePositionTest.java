package io.runwire.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcePositionTest {
  @Property
  void readsWhatItWrote(
      @ForAll long most,
      @ForAll long least,
      @ForAll @IntRange(max = 999_999_999) int partition,
      @ForAll @LongRange(max = 999_999_999_999_999_999L) long offset) {
    SourcePosition position = new SourcePosition(new Uuid(most, least), partition, offset);

    assertThat(SourcePosition.parse(position.toString())).contains(position);
  }

  @Test
  void isSpelledAsTopicIdPartitionAndOffset() {
    assertThat(new SourcePosition(new Uuid(3, 4), 7, 63))
        .hasToString("AAAAAAAAAAMAAAAAAAAABA:7:63");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "::",
        "AAAAAAAAAAMAAAAAAAAABA",
        "AAAAAAAAAAMAAAAAAAAABA:7",
        "AAAAAAAAAAMAAAAAAAAABA:7:",
        "AAAAAAAAAAMAAAAAAAAABA::63",
        "AAAAAAAAAAMAAAAAAAAABA:-1:63",
        "AAAAAAAAAAMAAAAAAAAABA:7:-1",
        "AAAAAAAAAAMAAAAAAAAABA:7:+63",
        "AAAAAAAAAAMAAAAAAAAABA:7:63\n",
        " AAAAAAAAAAMAAAAAAAAABA:7:63",
        "AAAAAAAAAAMAAAAAAAAABA:7:63:1",
        "AAAAAAAAAAMAAAAAAAAABA:7:٦٣",
        "AAAAAAAAAAMAAAAAAAAAB:7:63",
        "AAAAAAAAAAMAAAAAAAAABAA:7:63",
        "AAAAAAAAAAMAAAAAAAAA==:7:63",
        "AAAAAAAAAAMAAAAAAAAA+/:7:63",
        "AAAAAAAAAAMAAAAAAAAABA:9999999999:63",
        "AAAAAAAAAAMAAAAAAAAABA:7:9223372036854775808"
      })
  void refusesWhatIsNotOfTheForm(String header) {
    assertThat(SourcePosition.parse(header)).isEmpty();
  }
}
