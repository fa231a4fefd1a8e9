package io.runwire.seal;

import io.runwire.event.Envelope;
import io.runwire.event.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a thread that were not erased, in the order of thread-keys, and up to where it was
 * erased. Immutable: whoever takes a key from here knows of every erasure before that key.
 *
 * @param erased the thread's last erasure
 */
public record ThreadKeys(List<Wrapped> keys, Optional<Erasure> erased) {
  /** Of a thread that has none. */
  static final ThreadKeys NONE = new ThreadKeys(List.of(), Optional.empty());

  /**
   * A key as thread-keys has it.
   *
   * @param offset of its record
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Wrapped(KeyName name, long offset, byte[] bytes) {}

  /**
   * The records of agent-events before a position are erased.
   *
   * @param offset of its record in thread-keys
   */
  public record Erasure(SourcePosition before, long offset) {}

  public ThreadKeys {
    keys = List.copyOf(keys);
  }

  /** The key with this id. */
  public Optional<Wrapped> named(String id) {
    return keys.stream().filter(key -> key.name().id().equals(id)).findFirst();
  }

  /**
   * The key by which records of a stretch are sealed: of several that routers made at the same time
   * the one that stands first in thread-keys.
   */
  public Optional<Wrapped> sealing(long stretch) {
    return keys.stream().filter(key -> key.name().stretch() == stretch).findFirst();
  }

  /** Whether a record was erased before it was routed. */
  public boolean erases(Envelope envelope) {
    SourcePosition src = envelope.src().orElseThrow();
    return erased
        .map(Erasure::before)
        .filter(before -> before.topicId().equals(src.topicId()))
        .filter(before -> before.partition() == src.partition())
        .filter(before -> src.offset() < before.offset())
        .isPresent();
  }

  ThreadKeys with(Wrapped key) {
    List<Wrapped> more = new ArrayList<>(without(key.name()).keys);
    more.add(key);
    more.sort(Comparator.comparingLong(Wrapped::offset));
    return new ThreadKeys(more, erased);
  }

  ThreadKeys with(Erasure erasure) {
    return new ThreadKeys(keys, Optional.of(erasure));
  }

  ThreadKeys without(KeyName name) {
    return new ThreadKeys(keys.stream().filter(key -> !key.name().equals(name)).toList(), erased);
  }

  ThreadKeys from(long offset) {
    return new ThreadKeys(
        keys.stream().filter(key -> key.offset() >= offset).toList(),
        erased.filter(erasure -> erasure.offset() >= offset));
  }

  boolean isEmpty() {
    return keys.isEmpty() && erased.isEmpty();
  }
}
