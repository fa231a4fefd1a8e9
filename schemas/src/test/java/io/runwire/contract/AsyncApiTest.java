package io.runwire.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.runwire.event.Origin;
import io.runwire.event.RejectReason;
import io.runwire.frame.CloseCode;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AsyncAPI document against the code whose topics, codes and reasons it publishes. */
class AsyncApiTest {
  private static final Path FOLDER = Path.of("src/main/resources/io/runwire/contract");
  private static final String FILE = "asyncapi.yaml";

  private static JsonNode document;

  @BeforeAll
  static void read() throws IOException {
    document = new YAMLMapper().readTree(FOLDER.resolve(FILE).toFile());
  }

  @Test
  void everyReferenceLeadsSomewhere() throws IOException {
    List<String> references = document.findValuesAsText("$ref");
    Map<String, JsonNode> files = new HashMap<>(Map.of("", document));

    assertThat(references).isNotEmpty();
    for (String reference : references) {
      String[] parts = reference.split("#", 2);
      if (!files.containsKey(parts[0])) {
        files.put(parts[0], new ObjectMapper().readTree(FOLDER.resolve(parts[0]).toFile()));
      }
      JsonNode target = files.get(parts[0]).at(parts.length == 1 ? "" : parts[1]);
      assertThat(target.isMissingNode()).as(reference).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void publishesTheTopicAsItIsCreated(Topic topic) {
    NewTopic created = topic.create(64, (short) 3);
    JsonNode kafka = binding(topic.topicName());
    Map<String, String> settings = new HashMap<>();
    for (Map.Entry<String, JsonNode> setting : kafka.path("topicConfiguration").properties()) {
      JsonNode value = setting.getValue();
      settings.put(setting.getKey(), value.isArray() ? joined(value) : value.asText());
    }

    assertThat(kafka.path("partitions").asInt()).isEqualTo(created.numPartitions());
    assertThat(kafka.path("replicas").asInt()).isEqualTo(created.replicationFactor());
    assertThat(settings).isEqualTo(created.configs());
  }

  @ParameterizedTest
  @EnumSource
  void publishesTheCloseCode(CloseCode code) {
    assertThat(document.at("/info/description").asText())
        .contains(
            String.format(
                "| %d | %s | %s |\n", code.code(), code.reconnect() ? "yes" : "no", code.reason()));
  }

  @Test
  void publishesTheRejectReasonsAndOrigins() {
    assertThat(document.at("/components/schemas/rejectReason/enum"))
        .map(JsonNode::asText)
        .containsExactly(
            Arrays.stream(RejectReason.values()).map(Enum::name).toArray(String[]::new));
    assertThat(document.at("/components/schemas/origin/enum"))
        .map(JsonNode::asText)
        .containsExactly(Arrays.stream(Origin.values()).map(Origin::header).toArray(String[]::new));
  }

  private static String joined(JsonNode values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asText()));
    return String.join(",", texts);
  }

  private static JsonNode binding(String topic) {
    for (JsonNode channel : document.path("channels")) {
      if (channel.path("address").asText().equals(topic)) {
        return channel.at("/bindings/kafka");
      }
    }
    throw new AssertionError(topic + ": not in " + FILE);
  }
}
