package io.runwire.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * A Merkle tree that only grows (RFC 6962 §2.1), by the roots of its complete subtrees: all that is
 * needed to append to it and to know its root. At most 63 hashes, however large the tree.
 *
 * <p>Not thread-safe.
 */
public final class Frontier {
  private static final Hash EMPTY = Hash.of(new byte[0]);

  /** The roots of the complete subtrees from left to right, sizes falling. */
  private final ArrayList<Hash> nodes;

  private long size;

  /** An empty tree. */
  public Frontier() {
    this(0, List.of());
  }

  /**
   * A tree as it stood.
   *
   * @throws IllegalArgumentException if a tree of that size has another number of subtrees
   */
  public Frontier(long size, List<Hash> nodes) {
    if (size < 0 || Long.bitCount(size) != nodes.size()) {
      throw new IllegalArgumentException(
          "a tree of size " + size + " has not " + nodes.size() + " complete subtrees");
    }
    this.size = size;
    this.nodes = new ArrayList<>(nodes);
  }

  /** Appends a leaf. */
  public void append(Hash leaf) {
    Hash node = leaf;
    for (long rest = size; (rest & 1) == 1; rest >>= 1) {
      node = Hash.node(nodes.remove(nodes.size() - 1), node);
    }
    nodes.add(node);
    size++;
  }

  /** The tree's root. */
  public Hash root() {
    if (nodes.isEmpty()) {
      return EMPTY;
    }
    Hash root = nodes.get(nodes.size() - 1);
    for (int i = nodes.size() - 2; i >= 0; i--) {
      root = Hash.node(nodes.get(i), root);
    }
    return root;
  }

  /** How many leaves it has. */
  public long size() {
    return size;
  }

  /** The roots of the complete subtrees from left to right. */
  public List<Hash> nodes() {
    return List.copyOf(nodes);
  }
}
