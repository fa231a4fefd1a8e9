package io.runwire.fold;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases that the fold and its JavaScript twin share. */
class FoldVectorsTest {
  private static final Path VECTORS = Path.of("vectors/fold.json");
  private static final Uuid AGENT_EVENTS = new Uuid(0, 1);

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void judgesAsTheSharedCaseSays(JsonNode vector) {
    Fold fold = new Fold(vector.path("capacity").asInt(), vector.path("floor").asLong());
    for (Map.Entry<String, JsonNode> known : vector.path("known").properties()) {
      JsonNode position = known.getValue();
      fold.know(
          known.getKey(), RunPosition.at(position.path(0).asInt(), position.path(1).asLong()));
    }

    List<String> judged = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (JsonNode step : vector.path("steps")) {
      if (step.path("gap").asBoolean()) {
        fold.gap(fold.floor());
      } else {
        judged.add(step.path("record") + " " + fold.apply(envelope(step.path("record"))));
        expected.add(step.path("record") + " " + step.path("expect").asText());
      }
    }

    assertThat(judged).isNotEmpty().isEqualTo(expected);
  }

  @Test
  void remembersAsManyRunsAsTheTwinUnlessTold() throws IOException {
    assertThat(vectors().path("capacity default").asInt()).isEqualTo(Fold.DEFAULT_CAPACITY);
  }

  static List<Named<JsonNode>> cases() throws IOException {
    List<Named<JsonNode>> cases = new ArrayList<>();
    for (JsonNode vector : vectors().path("cases")) {
      cases.add(Named.of(vector.path("name").asText(), vector));
    }
    return cases;
  }

  private static JsonNode vectors() throws IOException {
    return new ObjectMapper().readTree(VECTORS.toFile());
  }

  private static Envelope envelope(JsonNode record) {
    EventType type = EventType.valueOf(record.path("type").asText());
    JsonNode src = record.path("src");
    return new Envelope(
        "thread",
        record.path("run").asText(),
        record.path("attempt").asInt(),
        record.path("seq").asLong(),
        type,
        type.terminal() && record.path("final").asBoolean(true),
        Optional.empty(),
        Origin.AGENT,
        src.isMissingNode()
            ? Optional.empty()
            : Optional.of(new SourcePosition(AGENT_EVENTS, 0, src.asLong())));
  }
}
