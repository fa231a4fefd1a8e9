package io.runwire.event;

import static io.runwire.event.RejectReason.MALFORMED_JSON;
import static io.runwire.event.RejectReason.TOO_LARGE;
import static io.runwire.event.RejectReason.TYPE_MISMATCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.runwire.event.Envelope.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventValueTest {
  private static final EventType TYPE = EventType.CUSTOM;
  private static final ObjectMapper BROWSER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"CUSTOM\"}",
        " { \"type\" : \"CUSTOM\" } ",
        "{\"value\":{\"type\":\"RAW\"},\"type\":\"CUSTOM\"}",
        "{\"type\":\"CUSTOM\",\"value\":[{\"type\":\"RAW\"},\"type\",\"RAW\"]}",
        "{\"\\u0074ype\":\"\\u0043USTOM\"}",
        "{\"type\":\"CUSTOM\",\"value\":\"grüße, 世界, 🎉, \\ud83c\\udf89, \\ud800, \\u0000\"}",
        "{\"type\":\"CUSTOM\",\"value\":\"\u2028\u2029\u0085\u007f\u202e\ufeff\ufffe\"}",
        "{\"type\":\"CUSTOM\",\"value\":1e400}",
        "{\"type\":\"CUSTOM\",\"a\":1,\"a\":2}",
        "{\"type\":\"CUSTOM\",\"Type\":\"RAW\",\"type \":\"RAW\"}"
      })
  void acceptsOneObjectOfTheHeadersType(String value) {
    assertThat(EventValue.check(value.getBytes(UTF_8), TYPE)).isEmpty();
  }

  static final List<Named<String>> NO_JSON =
      List.of(
          Named.of("nothing", ""),
          Named.of("a space", " "),
          Named.of("null", "null"),
          Named.of("an array", "[{\"type\":\"CUSTOM\"}]"),
          Named.of("a string", "\"CUSTOM\""),
          Named.of("a number", "5"),
          Named.of("text", "CUSTOM"),
          Named.of("two objects", "{\"type\":\"CUSTOM\"}{\"type\":\"CUSTOM\"}"),
          Named.of("a second value", "{\"type\":\"CUSTOM\"} 1"),
          Named.of("a closing brace too many", "{\"type\":\"CUSTOM\"}}"),
          Named.of("a trailing comma", "{\"type\":\"CUSTOM\",}"),
          Named.of("a comment", "{\"type\":\"CUSTOM\"/* */}"),
          Named.of("single quotes", "{'type':'CUSTOM'}"),
          Named.of("a bare name", "{type:\"CUSTOM\"}"),
          Named.of("NaN", "{\"type\":\"CUSTOM\",\"value\":NaN}"),
          Named.of("a leading zero", "{\"type\":\"CUSTOM\",\"value\":01}"),
          Named.of("a leading plus", "{\"type\":\"CUSTOM\",\"value\":+1}"),
          Named.of("an unknown escape", "{\"type\":\"CUSTOM\",\"value\":\"\\x41\"}"),
          Named.of("half an escape", "{\"type\":\"CUSTOM\",\"value\":\"\\u00\"}"),
          Named.of("a byte order mark", "\ufeff{\"type\":\"CUSTOM\"}"),
          Named.of("an SSE field", "{\"type\":\"CUSTOM\"}data: x"),
          Named.of("the type twice", "{\"type\":\"CUSTOM\",\"type\":\"CUSTOM\"}"),
          Named.of("two types", "{\"type\":\"RAW\",\"type\":\"CUSTOM\"}"),
          Named.of("a type and no type", "{\"type\":\"CUSTOM\",\"type\":null}"),
          Named.of("no type and a type", "{\"type\":{},\"type\":\"CUSTOM\"}"),
          Named.of("the type once more, escaped", "{\"type\":\"CUSTOM\",\"t\\u0079pe\":\"RAW\"}"));

  @ParameterizedTest
  @FieldSource("NO_JSON")
  void refusesWhatIsNotOneObjectWithOneType(String value) {
    assertThat(EventValue.check(value.getBytes(UTF_8), TYPE))
        .contains(
            new Refused(
                MALFORMED_JSON, "value: not one JSON object of depth <= 100 with one type"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"\"}",
        "{\"type\":null}",
        "{\"type\":5}",
        "{\"type\":[\"CUSTOM\"]}",
        "{\"type\":{\"type\":\"CUSTOM\"}}",
        "{\"value\":{\"type\":\"CUSTOM\"}}",
        "{\"type\":\"custom\"}",
        "{\"type\":\"CUSTOM \"}",
        "{\"type\":\"RAW\"}"
      })
  void refusesAnotherTypeThanTheHeaders(String value) {
    assertThat(EventValue.check(value.getBytes(UTF_8), TYPE))
        .hasValueSatisfying(
            refused -> {
              assertThat(refused.reason()).isEqualTo(TYPE_MISMATCH);
              assertThat(refused.detail()).endsWith("' (expected: CUSTOM)");
            });
  }

  @Test
  void namesTheOtherTypeWithoutItsControls() {
    assertThat(EventValue.check("{\"type\":\"\\u001b[2J\\n\"}".getBytes(UTF_8), TYPE))
        .contains(new Refused(TYPE_MISMATCH, "value's type: '?[2J?' (expected: CUSTOM)"));
  }

  @Test
  void refusesEveryControlByteWhereverItStands() {
    for (int control = 0; control < 0x20; control++) {
      String between = "{\"type\":" + (char) control + "\"CUSTOM\"}";
      String inside = "{\"type\":\"CUSTOM\",\"value\":\"" + (char) control + "\"}";
      String behind = "{\"type\":\"CUSTOM\"}" + (char) control;

      assertThat(List.of(between, inside, behind))
          .allSatisfy(
              value ->
                  assertThat(EventValue.check(value.getBytes(UTF_8), TYPE))
                      .hasValueSatisfying(
                          refused -> {
                            assertThat(refused.reason()).isEqualTo(MALFORMED_JSON);
                            assertThat(refused.detail()).startsWith("value: control byte at ");
                          }));
    }
  }

  static final List<Named<String>> NO_UTF8 =
      List.of(
          Named.of("a lone continuation", "80"),
          Named.of("an overlong slash", "c0af"),
          Named.of("an overlong NUL", "c080"),
          Named.of("an overlong NUL in three bytes", "e08080"),
          Named.of("an overlong euro in four bytes", "f08282ac"),
          Named.of("a high surrogate", "eda080"),
          Named.of("a low surrogate", "edb080"),
          Named.of("a pair of surrogates", "eda081edb080"),
          Named.of("a character split in two", "c3"),
          Named.of("an emoji without its last byte", "f09f8e"),
          Named.of("beyond U+10FFFF", "f4908080"),
          Named.of("five bytes", "f888808080"),
          Named.of("the byte FE", "fe"),
          Named.of("the byte FF", "ff"),
          Named.of("Latin-1", "e9"));

  @ParameterizedTest
  @FieldSource("NO_UTF8")
  void refusesWhatIsNoUtf8(String hex) {
    byte[] inString =
        joined("{\"type\":\"CUSTOM\",\"value\":\"", HexFormat.of().parseHex(hex), "\"}");
    byte[] atTheEnd = joined("{\"type\":\"CUSTOM\"}", HexFormat.of().parseHex(hex), "");

    assertThat(List.of(inString, atTheEnd))
        .allSatisfy(
            value ->
                assertThat(EventValue.check(value, TYPE))
                    .contains(new Refused(MALFORMED_JSON, "value: not UTF-8")));
  }

  @Test
  void refusesOtherEncodingsOfUnicode() {
    String value = "{\"type\":\"CUSTOM\"}";

    assertThat(List.of("UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32BE"))
        .allSatisfy(
            charset ->
                assertThat(EventValue.check(value.getBytes(charset), TYPE))
                    .hasValueSatisfying(
                        refused -> assertThat(refused.reason()).isEqualTo(MALFORMED_JSON)));
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole =
        "{\"type\":\"CUSTOM\",\"name\":\"grüße 🎉\",\"value\":[1.5e3,true,null,{\"a\":\"\\u00e9\"}]}"
            .getBytes(UTF_8);

    assertThat(EventValue.check(whole, TYPE)).isEmpty();
    for (int length = 0; length < whole.length; length++) {
      assertThat(EventValue.check(Arrays.copyOf(whole, length), TYPE))
          .as("first %d bytes", length)
          .hasValueSatisfying(refused -> assertThat(refused.reason()).isEqualTo(MALFORMED_JSON));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[ ]", "{\"a\": }"})
  void acceptsDepth100AndNoMore(String level) {
    String open = level.substring(0, level.indexOf(' '));
    String close = level.substring(level.indexOf(' ') + 1);
    String template = "{\"type\":\"CUSTOM\",\"value\":%s1%s}";

    assertThat(check(template.formatted(open.repeat(99), close.repeat(99)))).isEmpty();
    assertThat(check(template.formatted(open.repeat(100), close.repeat(100)))).isPresent();
    assertThat(check(template.formatted(open.repeat(100_000), close.repeat(100_000)))).isPresent();
    assertThat(check(open.repeat(150_000))).isPresent();
  }

  @Test
  void acceptsOneMebibyteAndNoMore() {
    String frame = "{\"type\":\"CUSTOM\",\"value\":\"\"}";
    String full =
        "{\"type\":\"CUSTOM\",\"value\":\"" + "x".repeat((1 << 20) - frame.length()) + "\"}";

    assertThat(check(full)).isEmpty();
    assertThat(check(full + " "))
        .contains(new Refused(TOO_LARGE, "value: 1048577 bytes (expected: <= 1048576)"));
  }

  /** No rule but the size bounds them: what the parser would refuse of itself is valid JSON. */
  @Test
  void acceptsLongNamesAndLongNumbers() {
    assertThat(check("{\"type\":\"CUSTOM\",\"" + "n".repeat(500_000) + "\":1}")).isEmpty();
    assertThat(check("{\"type\":\"CUSTOM\",\"value\":" + "9".repeat(500_000) + "}")).isEmpty();
  }

  @Test
  void acceptsAnyNumberOfNamesEvenIfMadeToCollide() {
    StringBuilder value = new StringBuilder("{\"type\":\"CUSTOM\"");
    for (int i = 0; i < 1 << 14; i++) {
      value.append(",\"").append(collidingName(i, 14)).append("\":1");
    }

    assertThat(check(value + "}")).isEmpty();
    assertThat(check("{\"type\":\"CUSTOM\"}")).isEmpty();
  }

  @Test
  void refusesAValueThatIsAbsent() {
    assertThat(EventValue.check(null, TYPE)).contains(new Refused(MALFORMED_JSON, "value: null"));
  }

  @Property
  void refusesRandomBytes(@ForAll @Size(max = 200) byte[] bytes) {
    assertThat(EventValue.check(bytes, TYPE)).isPresent();
  }

  /** Whatever was done to a value: if it is accepted, a browser can read it out of its frame. */
  @Property(tries = 5_000)
  void whatIsAcceptedIsReadableInsideAFrame(@ForAll("damaged") byte[] value) throws IOException {
    if (EventValue.check(value, TYPE).isPresent()) {
      return;
    }
    byte[] frame = joined("{\"op\":\"event\",\"event\":", value, "}");

    assertThat(BROWSER.readTree(frame).path("event").path("type").asText()).isEqualTo(TYPE.name());
    assertThat(new String(value, UTF_8)).doesNotContainPattern("[\\x00-\\x1f]");
  }

  @Provide
  Arbitrary<byte[]> damaged() {
    String whole = "{\"type\":\"CUSTOM\",\"name\":\"a\",\"value\":{\"type\":[1,\"ü\"]}}";
    Arbitrary<Integer> places = Arbitraries.integers().between(0, whole.length() - 1);
    Arbitrary<String> others =
        Arbitraries.oneOf(
            Arbitraries.of("", " ", "\n", "\ufeff", "\\", "type", "\"", ",", ":", "0"),
            Arbitraries.strings().ofMaxLength(2),
            places.map(at -> whole.substring(at, Math.min(at + 8, whole.length()))));
    return Combinators.combine(places, others)
        .as((at, other) -> new StringBuilder(whole).replace(at, at + 1, other).toString())
        .map(text -> text.getBytes(UTF_8));
  }

  /** Names of one length that have one hash under {@code h * 33 + c}, whatever the seed. */
  private static String collidingName(int number, int bits) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < bits; bit++) {
      name.append((number >> bit & 1) == 0 ? "Ab" : "BA");
    }
    return name.toString();
  }

  private static Optional<Refused> check(String value) {
    return EventValue.check(value.getBytes(UTF_8), TYPE);
  }

  private static byte[] joined(String head, byte[] middle, String tail) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(UTF_8));
    out.writeBytes(middle);
    out.writeBytes(tail.getBytes(UTF_8));
    return out.toByteArray();
  }
}
