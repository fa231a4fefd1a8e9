package io.runwire.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.EventValue;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.frame.ClientFrame;
import io.runwire.frame.ClientFrameReader;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.EventFrame;
import io.runwire.frame.GapReason;
import io.runwire.frame.ReplayLine;
import io.runwire.frame.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The JSON Schemas against samples of what they must accept and refuse, and against the code that
 * reads and writes the same messages. {@code deploy/interop} puts the samples of events before
 * {@code @ag-ui/core} itself, so that the schema and its reference cannot drift apart unseen.
 */
class ContractTest {
  private static final String BASE = "https://runwire.io/contract/";
  private static final String EVENT = "event.schema.json";
  private static final String FRAMES = "frames.schema.json";
  private static final String HTTP = "http.schema.json";
  private static final String DELIVERIES = "deliveries.schema.json";
  private static final String AUDIT = "audit.schema.json";
  private static final String CLIENT_FRAME = FRAMES + "#/$defs/clientFrame";
  private static final String SERVER_FRAME = FRAMES + "#/$defs/serverFrame";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaIdResolvers(
                  ids -> ids.mapPrefix(BASE, "classpath:io/runwire/contract/")));

  private static final Cursor CURSOR =
      new Cursor(
          new LogIdentity(new Uuid(1, 2), new Uuid(3, 4), 8), 3, 64, 2, 63, Cursor.hash("t"));

  @ParameterizedTest
  @ValueSource(strings = {EVENT, FRAMES, HTTP, DELIVERIES, AUDIT})
  void isASchemaAndAllItsReferencesResolve(String file) {
    Schema schema = schema(file);
    Schema metaSchema =
        SCHEMAS.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

    schema.initializeValidators();

    assertThat(metaSchema.validate(schema.getSchemaNode())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("validEvents")
  void acceptsAnEventOfTheReference(Path sample) throws IOException {
    assertThat(errors(EVENT, Files.readString(sample))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalidEvents")
  void refusesWhatTheReferenceRefuses(Path sample) throws IOException {
    assertThat(errors(EVENT, Files.readString(sample))).isNotEmpty();
  }

  @Test
  void schemaSamplesAndCodeKnowTheSameEventTypes() throws IOException {
    JsonNode schema = schema(EVENT).getSchemaNode();
    List<String> branches = new ArrayList<>();
    for (JsonNode branch : schema.path("oneOf")) {
      branches.add(branch.path("$ref").asText().replace("#/$defs/", ""));
    }

    assertThat(branches).containsExactlyInAnyOrderElementsOf(names(EventType.values()));
    assertThat(branches)
        .allSatisfy(
            name ->
                assertThat(schema.at("/$defs/" + name + "/properties/type/const").asText())
                    .isEqualTo(name));
    assertThat(schema.at("/$defs/eventType/enum"))
        .map(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(branches);
    assertThat(samples("events"))
        .map(sample -> JSON.readTree(sample.toFile()).path("type").asText())
        .containsExactlyInAnyOrderElementsOf(branches);
  }

  @ParameterizedTest
  @MethodSource("validEvents")
  void aValidEventTravelsInAValidFrame(Path sample) throws IOException {
    byte[] value = Files.readString(sample).strip().getBytes(UTF_8);
    EventType type = EventType.valueOf(JSON.readTree(value).path("type").asText());
    Envelope envelope =
        new Envelope(
            "t",
            "r",
            1,
            12,
            type,
            type.terminal(),
            Optional.empty(),
            Origin.AGENT,
            Optional.empty());

    EventFrame frame = EventFrame.of(envelope, CURSOR.encodeAscii(), 1_764_000_000_000L, value);

    assertThat(EventValue.check(value, type)).isEmpty();
    assertThat(errors(SERVER_FRAME, UTF_8.decode(frame.text()).toString())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("validClientFrames")
  void acceptsAClientFrameAsItsReaderDoes(Path sample) throws IOException {
    String text = Files.readString(sample);

    assertThat(errors(CLIENT_FRAME, text)).isEmpty();
    assertThat(ClientFrameReader.read(text)).isNotInstanceOf(ClientFrame.Malformed.class);
  }

  @ParameterizedTest
  @MethodSource("invalidClientFrames")
  void refusesAClientFrameAsItsReaderDoes(Path sample) throws IOException {
    String text = Files.readString(sample);

    assertThat(errors(CLIENT_FRAME, text)).isNotEmpty();
    assertThat(ClientFrameReader.read(text)).isInstanceOf(ClientFrame.Malformed.class);
  }

  @ParameterizedTest
  @MethodSource("validServerFrames")
  void acceptsAServerFrame(Path sample) throws IOException {
    assertThat(errors(SERVER_FRAME, Files.readString(sample))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalidServerFrames")
  void refusesABrokenServerFrame(Path sample) throws IOException {
    assertThat(errors(SERVER_FRAME, Files.readString(sample))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("writtenFrames")
  void acceptsWhatAnEdgeWrites(ServerFrame frame) {
    assertThat(errors(SERVER_FRAME, frame.toJson())).isEmpty();
  }

  @Test
  void everyKindOfServerFrameIsAmongTheWrittenOnes() {
    assertThat(writtenFrames().<Class<?>>map(Object::getClass))
        .contains(ServerFrame.class.getPermittedSubclasses());
  }

  @Test
  void schemaAndCodeKnowTheSameCodesAndReasons() {
    JsonNode frames = schema(FRAMES).getSchemaNode();

    assertThat(frames.at("/$defs/errorCode/oneOf"))
        .map(code -> code.path("const").asText())
        .containsExactlyInAnyOrderElementsOf(names(ErrorCode.values()));
    assertThat(frames.at("/$defs/gap/properties/reason/enum"))
        .map(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(names(GapReason.values()));
  }

  @ParameterizedTest
  @MethodSource("validHttpBodies")
  void acceptsAnHttpBody(Path sample) throws IOException {
    assertThat(errors(HTTP + "#/$defs/" + definition(sample), Files.readString(sample))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalidHttpBodies")
  void refusesABrokenHttpBody(Path sample) throws IOException {
    assertThat(errors(HTTP + "#/$defs/" + definition(sample), Files.readString(sample)))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("validDeliveries")
  void acceptsEvidenceOfDelivery(Path sample) throws IOException {
    assertThat(errors(DELIVERIES, Files.readString(sample))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalidDeliveries")
  void refusesBrokenEvidence(Path sample) throws IOException {
    assertThat(errors(DELIVERIES, Files.readString(sample))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("validEvents")
  void aValidEventStandsInAValidLineOfAReplay(Path sample) throws IOException {
    byte[] value = Files.readString(sample).strip().getBytes(UTF_8);
    EventType type = EventType.valueOf(JSON.readTree(value).path("type").asText());
    Envelope envelope =
        new Envelope(
            "t",
            "r",
            1,
            12,
            type,
            type.terminal(),
            Optional.empty(),
            Origin.AGENT,
            Optional.of(new SourcePosition(new Uuid(3, 4), 3, 63)));
    EventFrame frame = EventFrame.of(envelope, CURSOR.encodeAscii(), 1_764_000_000_000L, value);
    ByteArrayOutputStream line = new ByteArrayOutputStream();

    ReplayLine.event(line, envelope, frame, 1_764_000_000_000L);

    assertThat(errors(HTTP + "#/$defs/replay-line", line.toString(UTF_8))).isEmpty();
  }

  @Test
  void acceptsTheOtherLinesOfAReplay() {
    String gap = new ServerFrame.Gap("t", GapReason.EXPIRED, null, CURSOR).toJson();

    assertThat(errors(HTTP + "#/$defs/replay-scanned", ReplayLine.scanned(CURSOR))).isEmpty();
    assertThat(errors(HTTP + "#/$defs/replay-end", ReplayLine.end(CURSOR, 3, 1_000))).isEmpty();
    assertThat(errors(HTTP, gap)).isEmpty();
  }

  static List<Path> validDeliveries() throws IOException {
    return samples("deliveries/valid");
  }

  static List<Path> invalidDeliveries() throws IOException {
    return samples("deliveries/invalid");
  }

  static List<Path> validEvents() throws IOException {
    return Stream.concat(samples("events").stream(), samples("events-new-in-1.0").stream())
        .toList();
  }

  static List<Path> invalidEvents() throws IOException {
    return samples("events-invalid");
  }

  static List<Path> validClientFrames() throws IOException {
    return samples("frames/client");
  }

  static List<Path> invalidClientFrames() throws IOException {
    return samples("frames/client-invalid");
  }

  static List<Path> validServerFrames() throws IOException {
    return samples("frames/server");
  }

  static List<Path> invalidServerFrames() throws IOException {
    return samples("frames/server-invalid");
  }

  static List<Path> validHttpBodies() throws IOException {
    return samples("http/valid");
  }

  static List<Path> invalidHttpBodies() throws IOException {
    return samples("http/invalid");
  }

  static Stream<ServerFrame> writtenFrames() {
    return Stream.of(
        new ServerFrame.Welcome("edge-1-4711", 20_000, Map.of("subscriptions", 64L)),
        new ServerFrame.Authorized(1_764_003_600),
        new ServerFrame.Subscribed(1, "t", CURSOR, true),
        new ServerFrame.Live("t", CURSOR),
        new ServerFrame.Gap("t", GapReason.EXPIRED, CURSOR.encode(), CURSOR),
        new ServerFrame.Gap("t", GapReason.FOREIGN_LOG, null, CURSOR),
        new ServerFrame.Unsubscribed(2L, "t"),
        new ServerFrame.Unsubscribed(null, "t"),
        new ServerFrame.Draining(1234),
        new ServerFrame.Error(1L, "t", ErrorCode.FORBIDDEN, "history: not granted"),
        new ServerFrame.Error(null, null, ErrorCode.BAD_REQUEST, "not a JSON object"),
        new ServerFrame.Pong());
  }

  /** The definition that a sample such as {@code ledger-run.ended.json} is of. */
  private static String definition(Path sample) {
    return sample.getFileName().toString().replaceFirst("\\..*", "");
  }

  private static Schema schema(String location) {
    return SCHEMAS.getSchema(SchemaLocation.of(BASE + location));
  }

  private static List<Error> errors(String location, String json) {
    return schema(location).validate(json, InputFormat.JSON);
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Enum::name).toList();
  }

  private static List<Path> samples(String folder) throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of("src/test/resources/io/runwire/contract", folder))) {
      List<Path> samples = files.sorted().toList();
      assertThat(samples).isNotEmpty();
      return samples;
    }
  }
}
