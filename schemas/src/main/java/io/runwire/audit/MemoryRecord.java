package io.runwire.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of what the notary remembers of a partition's threads at a checkpoint, so that it need not
 * read all checkpoints ever written to go on. Signed, since later checkpoints build on it.
 *
 * @param size of the tree at the checkpoint behind which it was written
 * @param part from 0
 * @param parts how many there are
 * @param threads as they stood: both heads of each are the same
 * @param signature over all the rest
 */
public record MemoryRecord(
    Origin origin, long size, int part, int parts, List<ThreadSpan> threads, String signature)
    implements AuditRecord {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public MemoryRecord {
    threads = List.copyOf(threads);
  }

  static MemoryRecord of(
      NotaryKey key, Origin origin, long size, int part, int parts, List<ThreadSpan> threads) {
    MemoryRecord unsigned = new MemoryRecord(origin, size, part, parts, threads, "");
    return new MemoryRecord(origin, size, part, parts, threads, key.seal(unsigned.content()));
  }

  @Override
  public boolean signedBy(NotaryPublicKey key) {
    return key.sealed(content(), signature);
  }

  @Override
  public String toJson() {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("memory", origin.toString())
            .put("size", size)
            .put("part", part)
            .put("parts", parts);
    ArrayNode remembered = json.putArray("threads");
    threads.forEach(thread -> remembered.add(thread.encode()));
    return json.put("signature", signature).toString();
  }

  static Optional<MemoryRecord> parse(String text) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
    List<ThreadSpan> threads = new ArrayList<>();
    for (JsonNode item : json.path("threads")) {
      Optional<ThreadSpan> thread = ThreadSpan.parse(item.asText());
      if (thread.isEmpty()) {
        return Optional.empty();
      }
      threads.add(thread.get());
    }
    return Origin.parse(json.path("memory").asText())
        .map(
            origin ->
                new MemoryRecord(
                    origin,
                    json.path("size").asLong(-1),
                    json.path("part").asInt(-1),
                    json.path("parts").asInt(-1),
                    threads,
                    json.path("signature").asText()));
  }

  private byte[] content() {
    StringBuilder text = new StringBuilder("memory\n" + origin + "\n" + size + "\n");
    text.append(part).append(' ').append(parts).append('\n');
    threads.forEach(thread -> text.append(thread.encode()).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
