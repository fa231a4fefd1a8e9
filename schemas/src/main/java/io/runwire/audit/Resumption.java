package io.runwire.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a notary stopped, from its records in the order in which it wrote them, beginning
 * either with its first checkpoint or with the first part of a memory. Records of other logs are
 * passed over. Not thread-safe.
 */
public final class Resumption {
  /** The records do not lead from one to the next, or were signed by somebody else. */
  public static final class BrokenException extends Exception {
    BrokenException(String message) {
      super(message, null, false, false);
    }
  }

  private final Origin origin;
  private final List<NotaryPublicKey> keys;
  private final Map<Hash, ThreadSpan> threads = new HashMap<>();
  private long size;
  private int parts;
  private long checkpoints;
  private @Nullable CheckpointRecord first;
  private @Nullable CheckpointRecord last;

  /**
   * @param keys by which the notary signs, or once signed
   */
  public Resumption(Origin origin, List<NotaryPublicKey> keys) {
    this.origin = origin;
    this.keys = List.copyOf(keys);
  }

  /**
   * Takes the next record.
   *
   * @throws BrokenException if it cannot be the next of this notary's
   */
  public void accept(AuditRecord record) throws BrokenException {
    if (!sameLog(record.origin())) {
      return;
    }
    if (keys.stream().noneMatch(record::signedBy)) {
      throw new BrokenException("a record of " + record.origin() + " is not signed by this notary");
    }
    if (record instanceof MemoryRecord memory) {
      if (last == null) {
        remember(memory);
      }
    } else if (record instanceof CheckpointRecord checkpoint) {
      follow(checkpoint);
    }
  }

  /** How many checkpoints it took. */
  public long checkpoints() {
    return checkpoints;
  }

  /** The first checkpoint, if there is one. */
  public Optional<CheckpointRecord> first() {
    return Optional.ofNullable(first);
  }

  /** The last checkpoint, if there is one. */
  public Optional<CheckpointRecord> last() {
    return Optional.ofNullable(last);
  }

  /** The tree at the last checkpoint, if there is one. */
  public Optional<PartitionTree> tree() {
    return last().map(checkpoint -> new PartitionTree(origin, checkpoint, threads.values()));
  }

  /** Another name of the notary is no other log. */
  private boolean sameLog(Origin other) {
    return other.topicId().equals(origin.topicId()) && other.partition() == origin.partition();
  }

  private void remember(MemoryRecord memory) throws BrokenException {
    if (memory.part() != parts || (parts > 0 && memory.size() != size)) {
      throw new BrokenException(
          "part " + memory.part() + " of a memory where part " + parts + " was expected");
    }
    parts++;
    size = memory.size();
    memory.threads().forEach(thread -> threads.put(thread.thread(), thread));
    if (parts == memory.parts()) {
      parts = 0;
    }
  }

  private void follow(CheckpointRecord next) throws BrokenException {
    if (next.checkpoint().from() != size || parts != 0) {
      throw new BrokenException(
          "a checkpoint begins at " + next.checkpoint().from() + " (expected: " + size + ")");
    }
    size = next.checkpoint().size();
    next.threads().forEach(thread -> threads.put(thread.thread(), thread));
    checkpoints++;
    first = first == null ? next : first;
    last = next;
  }
}
