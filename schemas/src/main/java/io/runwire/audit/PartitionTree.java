package io.runwire.audit;

import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the notary knows of one partition: the tree over its records, and for each thread how many
 * records it has and the head of their chain. A pure function of the log, so that whoever reads the
 * same records comes to the same roots, after a crash or on another machine.
 *
 * <p>It judges nothing: repetitions that a router wrote after a crash are records like others.
 *
 * <p>Its memory is one entry for each thread that has records in the log; {@link #forgetBefore}
 * drops those whose records are gone. Not thread-safe.
 */
public final class PartitionTree {
  private final Origin origin;
  private final Frontier tree;
  private final Map<Hash, Chain> threads = new HashMap<>();

  /** The threads that moved since the last checkpoint, as they stood at it. */
  private final TreeMap<Hash, Chain> before = new TreeMap<>();

  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Checkpoint.Skipped> skipped = new ArrayList<>();
  private long from;
  private long nextOffset;

  /**
   * The tree of a partition of which nothing is signed yet.
   *
   * @param firstOffset of the log
   */
  public PartitionTree(Origin origin, long firstOffset) {
    this.origin = origin;
    this.tree = new Frontier();
    this.nextOffset = firstOffset;
  }

  /** The tree as it stood at a checkpoint. */
  PartitionTree(Origin origin, CheckpointRecord last, Collection<ThreadSpan> threads) {
    this.origin = origin;
    this.tree = last.tree();
    this.from = last.checkpoint().size();
    this.nextOffset = last.checkpoint().nextOffset();
    threads.forEach(thread -> this.threads.put(thread.thread(), Chain.after(thread)));
  }

  /** Adds the next record of the log. */
  public void add(StoredRecord record) {
    if (record.offset() < nextOffset) {
      throw new IllegalArgumentException(
          "offset " + record.offset() + " is in the tree already (next: " + nextOffset + ")");
    }
    Hash leaf = record.leaf(origin.topicId());
    tree.append(leaf);
    leaves.add(new Leaf(record.offset(), leaf));
    nextOffset = record.offset() + 1;
    thread(record).ifPresent(name -> extend(name, leaf, record.offset()));
  }

  /** Notes that records up to {@code to} (exclusive) were gone before they were read. */
  public void skipTo(long to) {
    if (to > nextOffset) {
      skipped.add(new Checkpoint.Skipped(nextOffset, to));
      nextOffset = to;
    }
  }

  /** Signs what was added since the last checkpoint. */
  public CheckpointRecord sign(NotaryKey key, Instant time) {
    List<ThreadSpan> moved = new ArrayList<>(before.size());
    before.forEach(
        (name, was) -> {
          Chain is = threads.getOrDefault(name, Chain.NONE);
          moved.add(new ThreadSpan(name, was.count, was.head, is.count, is.head, is.lastOffset));
        });
    Checkpoint checkpoint =
        new Checkpoint(
            origin,
            tree.size(),
            tree.root(),
            from,
            nextOffset,
            moved.size(),
            CheckpointRecord.threadTree(moved).root(),
            time.truncatedTo(ChronoUnit.MILLIS),
            skipped);
    SignedCheckpoint signed = new SignedCheckpoint(checkpoint, key.sign(checkpoint));
    CheckpointRecord record = new CheckpointRecord(signed, tree.nodes(), leaves, moved);
    before.clear();
    leaves.clear();
    skipped.clear();
    from = tree.size();
    return record;
  }

  /** Forgets threads whose last record lies before the log's start. */
  public void forgetBefore(long firstOffset) {
    threads
        .entrySet()
        .removeIf(
            thread ->
                thread.getValue().lastOffset < firstOffset && !before.containsKey(thread.getKey()));
  }

  /**
   * All that is remembered of the threads as they stood at the last checkpoint, to be written
   * before the next.
   *
   * @param threadsAPart how many threads a record may hold
   */
  public List<MemoryRecord> memory(NotaryKey key, int threadsAPart) {
    List<ThreadSpan> all = new ArrayList<>(threads.size());
    threads.forEach(
        (name, is) -> {
          Chain was = before.getOrDefault(name, is);
          if (was.count > 0) {
            all.add(new ThreadSpan(name, was.count, was.head, was.count, was.head, was.lastOffset));
          }
        });
    int parts = Math.max(1, (all.size() + threadsAPart - 1) / threadsAPart);
    List<MemoryRecord> records = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      int end = Math.min(all.size(), (part + 1) * threadsAPart);
      records.add(
          MemoryRecord.of(key, origin, from, part, parts, all.subList(part * threadsAPart, end)));
    }
    return records;
  }

  public Origin origin() {
    return origin;
  }

  /** Records in the tree. */
  public long size() {
    return tree.size();
  }

  /** The tree's root now. */
  public Hash root() {
    return tree.root();
  }

  /** Records since the last checkpoint. */
  public long unsigned() {
    return leaves.size();
  }

  /** The offset behind the last record added. */
  public long nextOffset() {
    return nextOffset;
  }

  /** Threads remembered. */
  public int threads() {
    return threads.size();
  }

  private void extend(Hash name, Hash leaf, long offset) {
    Chain was = threads.getOrDefault(name, Chain.NONE);
    before.putIfAbsent(name, was);
    threads.put(name, new Chain(was.count + 1, ThreadSpan.next(was.head, leaf), offset));
  }

  /** A record that is no event belongs to no thread; it stands in the tree all the same. */
  private static Optional<Hash> thread(StoredRecord record) {
    return EnvelopeReader.read(record.key(), record.headers()) instanceof Envelope.Read read
        ? Optional.of(ThreadSpan.name(read.envelope().thread()))
        : Optional.empty();
  }

  private record Chain(long count, Hash head, long lastOffset) {
    static final Chain NONE = new Chain(0, Hash.ZERO, -1);

    static Chain after(ThreadSpan span) {
      return new Chain(span.count(), span.head(), span.lastOffset());
    }
  }
}
