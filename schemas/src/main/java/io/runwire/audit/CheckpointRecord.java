package io.runwire.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The signed checkpoint, and what its two roots stand for. So the notary can go on from it, a proof
 * can be built on it without reading the log from its start, and a record that was altered in the
 * log can be named.
 *
 * @param frontier of the tree at the checkpoint
 * @param leaves of its span, in the order of the log
 * @param threads that moved in its span, in the order of their hashes
 */
public record CheckpointRecord(
    SignedCheckpoint signed, List<Hash> frontier, List<Leaf> leaves, List<ThreadSpan> threads)
    implements AuditRecord {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public CheckpointRecord {
    frontier = List.copyOf(frontier);
    leaves = List.copyOf(leaves);
    threads = List.copyOf(threads);
  }

  public Checkpoint checkpoint() {
    return signed.checkpoint();
  }

  @Override
  public Origin origin() {
    return checkpoint().origin();
  }

  @Override
  public boolean signedBy(NotaryPublicKey key) {
    return signed.signedBy(key);
  }

  /** The last record of its span, if there is any. */
  public Optional<Leaf> lastLeaf() {
    return leaves.isEmpty() ? Optional.empty() : Optional.of(leaves.get(leaves.size() - 1));
  }

  /** The tree as it stood at the checkpoint. */
  public Frontier tree() {
    return new Frontier(checkpoint().size(), frontier);
  }

  /** The tree over the threads that moved. */
  public SpanTree threadTree() {
    return threadTree(threads);
  }

  static SpanTree threadTree(List<ThreadSpan> threads) {
    return new SpanTree(new Frontier(), threads.stream().map(ThreadSpan::leaf).toList());
  }

  /**
   * The tree at the checkpoint, with the leaves of its span.
   *
   * @param before the tree at the checkpoint before
   * @return empty if before and leaves do not lead to this checkpoint's root
   */
  public Optional<SpanTree> spanTree(Frontier before) {
    if (before.size() != checkpoint().from()) {
      return Optional.empty();
    }
    SpanTree tree = new SpanTree(before, leaves.stream().map(Leaf::hash).toList());
    return Optional.of(tree).filter(t -> t.root().equals(checkpoint().root()));
  }

  /** Whether the hashes are those that the checkpoint's roots stand for. */
  private boolean whole() {
    Checkpoint checkpoint = checkpoint();
    return Long.bitCount(checkpoint.size()) == frontier.size()
        && tree().root().equals(checkpoint.root())
        && checkpoint.size() - checkpoint.from() == leaves.size()
        && threads.size() == checkpoint.threads()
        && threadTree().root().equals(checkpoint.threadsRoot());
  }

  @Override
  public String toJson() {
    ObjectNode json = MAPPER.createObjectNode().put("note", signed.note());
    ArrayNode nodes = json.putArray("frontier");
    frontier.forEach(hash -> nodes.add(hash.toString()));
    json.put("leaves", Leaf.encode(leaves));
    ArrayNode moved = json.putArray("threads");
    threads.forEach(thread -> moved.add(thread.encode()));
    return json.toString();
  }

  static Optional<CheckpointRecord> parse(String json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
    Optional<SignedCheckpoint> signed = SignedCheckpoint.parse(node.path("note").asText());
    Optional<List<Hash>> frontier = all(node.path("frontier"), Hash::parse);
    Optional<List<Leaf>> leaves = Leaf.parse(node.path("leaves").asText());
    Optional<List<ThreadSpan>> threads = all(node.path("threads"), ThreadSpan::parse);
    if (signed.isEmpty() || frontier.isEmpty() || leaves.isEmpty() || threads.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
            new CheckpointRecord(signed.get(), frontier.get(), leaves.get(), threads.get()))
        .filter(CheckpointRecord::whole);
  }

  private static <T> Optional<List<T>> all(JsonNode array, Function<String, Optional<T>> parse) {
    List<T> parsed = new ArrayList<>();
    for (JsonNode item : array) {
      Optional<T> one = parse.apply(item.asText());
      if (one.isEmpty()) {
        return Optional.empty();
      }
      parsed.add(one.get());
    }
    return array.isArray() ? Optional.of(parsed) : Optional.empty();
  }
}
