package io.runwire.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A line of a bundle, which is JSON, one object a line: a head, then for each checkpoint the span
 * that it closes and the thread's records in it, then the end. So a bundle of any length is written
 * and verified in bounded memory, and one that was cut off has no end.
 */
public sealed interface BundleLine {
  /** The form of bundle that is written and read here. */
  int VERSION = 1;

  /** As JSON on one line. */
  String toJson();

  /**
   * What the bundle is about.
   *
   * @param notary name and key id of who signed; the key itself has to come from elsewhere
   * @param run empty for all of a thread
   */
  record Head(String notary, Uuid topicId, int partition, String thread, Optional<String> run)
      implements BundleLine {
    @Override
    public String toJson() {
      ObjectNode json = object();
      json.put("runwire", "bundle").put("version", VERSION).put("notary", notary);
      json.put("topicId", topicId.toString()).put("partition", partition).put("thread", thread);
      run.ifPresent(id -> json.put("run", id));
      return json.toString();
    }
  }

  /** A checkpoint, and the proof of what it says of the thread. */
  record Span(String note, ThreadSpan thread, InclusionProof proof) implements BundleLine {
    @Override
    public String toJson() {
      ObjectNode json = object().put("checkpoint", note).put("thread", thread.encode());
      put(json, proof);
      return json.toString();
    }
  }

  /** A record of the thread in the span begun last, and the proof that it stands in the log. */
  record Entry(StoredRecord record, InclusionProof proof) implements BundleLine {
    @Override
    public String toJson() {
      ObjectNode json = object();
      ObjectNode stored = json.putObject("record");
      stored.put("offset", record.offset()).put("timestamp", record.timestampMs());
      put(stored, "key", record.key());
      put(stored, "value", record.value());
      ArrayNode headers = stored.putArray("headers");
      for (Header header : record.headers()) {
        put(headers.addObject().put("name", header.key()), "value", header.value());
      }
      put(json, proof);
      return json.toString();
    }
  }

  /** The end. */
  record End(long records) implements BundleLine {
    @Override
    public String toJson() {
      ObjectNode json = object();
      json.putObject("end").put("records", records);
      return json.toString();
    }
  }

  /** A line's meaning, or empty where it has none. */
  static Optional<BundleLine> parse(String line, int partition) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(line);
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
    try {
      if (json.has("runwire")) {
        return head(json);
      }
      if (json.has("checkpoint")) {
        return span(json);
      }
      if (json.has("record")) {
        return Optional.of(new Entry(stored(json.path("record"), partition), proof(json)));
      }
      return json.has("end")
          ? Optional.of(new End(json.path("end").path("records").asLong(-1)))
          : Optional.empty();
    } catch (IllegalArgumentException notOfTheForm) {
      return Optional.empty();
    }
  }

  private static Optional<BundleLine> head(JsonNode json) {
    if (json.path("version").asInt() != VERSION) {
      return Optional.empty();
    }
    return Optional.of(
        new Head(
            json.path("notary").asText(),
            Uuid.fromString(json.path("topicId").asText()),
            json.path("partition").asInt(-1),
            json.path("thread").asText(),
            Optional.ofNullable(json.path("run").textValue())));
  }

  private static Optional<BundleLine> span(JsonNode json) {
    InclusionProof proof = proof(json);
    return ThreadSpan.parse(json.path("thread").asText())
        .map(thread -> new Span(json.path("checkpoint").asText(), thread, proof));
  }

  private static StoredRecord stored(JsonNode json, int partition) {
    Headers headers = new RecordHeaders();
    for (JsonNode header : json.path("headers")) {
      headers.add(header.path("name").asText(), bytes(header.path("value")));
    }
    return new StoredRecord(
        partition,
        json.path("offset").asLong(-1),
        json.path("timestamp").asLong(-1),
        bytes(json.path("key")),
        bytes(json.path("value")),
        headers);
  }

  private static InclusionProof proof(JsonNode json) {
    List<Hash> path = new ArrayList<>();
    for (JsonNode hash : json.path("path")) {
      path.add(Hash.parse(hash.asText()).orElseThrow(IllegalArgumentException::new));
    }
    return new InclusionProof(json.path("index").asLong(-1), json.path("size").asLong(-1), path);
  }

  private static void put(ObjectNode json, InclusionProof proof) {
    json.put("index", proof.index()).put("size", proof.size());
    ArrayNode path = json.putArray("path");
    proof.path().forEach(hash -> path.add(hash.toString()));
  }

  /** Text where it is text, so that a person can read the bundle; base64 where it is not. */
  private static void put(ObjectNode json, String name, byte @Nullable [] bytes) {
    if (bytes == null) {
      json.putNull(name);
      return;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      json.putObject(name).put("utf8", text);
    } catch (CharacterCodingException notText) {
      json.putObject(name).put("base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static byte @Nullable [] bytes(JsonNode json) {
    if (json.has("utf8")) {
      return json.path("utf8").asText().getBytes(StandardCharsets.UTF_8);
    }
    return json.has("base64") ? Base64.getDecoder().decode(json.path("base64").asText()) : null;
  }

  private static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  /** The mapper, out of the interface's sight. */
  final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}
  }
}
