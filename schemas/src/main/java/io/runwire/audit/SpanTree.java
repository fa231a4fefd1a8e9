package io.runwire.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree of which the last leaves are known one by one, and what stands before them by its
 * frontier: enough for the proof of each of these leaves. So the proof of a record needs the
 * records of its span and nothing of the millions before it.
 */
public final class SpanTree {
  private final long before;
  private final List<Hash> leaves;
  private final long size;

  /** Subtrees by where they begin and end: those of the frontier, and what was computed. */
  private final Map<Range, Hash> known = new HashMap<>();

  /**
   * @param before the tree without the leaves
   * @param leaves that were appended to it
   */
  public SpanTree(Frontier before, List<Hash> leaves) {
    this.before = before.size();
    this.leaves = List.copyOf(leaves);
    this.size = before.size() + leaves.size();
    long begin = 0;
    long rest = before.size();
    for (Hash node : before.nodes()) {
      long width = Long.highestOneBit(rest);
      known.put(new Range(begin, begin + width), node);
      begin += width;
      rest -= width;
    }
  }

  /** The root of the whole tree. */
  public Hash root() {
    return size == 0 ? new Frontier().root() : subtree(0, size);
  }

  /**
   * The proof of a leaf (RFC 6962 §2.1.1).
   *
   * @param index in the whole tree, of one of the known leaves
   * @throws IndexOutOfBoundsException if it is none of them
   */
  public InclusionProof proof(long index) {
    if (index < before || index >= size) {
      throw new IndexOutOfBoundsException(index + " is not in [" + before + ", " + size + ")");
    }
    List<Hash> path = new ArrayList<>();
    collect(path, index, 0, size);
    return new InclusionProof(index, size, path);
  }

  private void collect(List<Hash> path, long index, long begin, long end) {
    if (end - begin == 1) {
      return;
    }
    long middle = begin + split(end - begin);
    if (index < middle) {
      collect(path, index, begin, middle);
      path.add(subtree(middle, end));
    } else {
      collect(path, index, middle, end);
      path.add(subtree(begin, middle));
    }
  }

  private Hash subtree(long begin, long end) {
    Range range = new Range(begin, end);
    @Nullable Hash there = known.get(range);
    if (there != null) {
      return there;
    }
    Hash computed;
    if (end - begin == 1) {
      computed = leaves.get((int) (begin - before));
    } else {
      long middle = begin + split(end - begin);
      computed = Hash.node(subtree(begin, middle), subtree(middle, end));
    }
    known.put(range, computed);
    return computed;
  }

  /** The largest power of two below n. */
  private static long split(long n) {
    return Long.highestOneBit(n - 1);
  }

  private record Range(long begin, long end) {}
}
