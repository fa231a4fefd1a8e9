package io.runwire.audit;

import java.util.List;

/**
 * That a leaf stands at a place of a tree (RFC 6962 §2.1.1).
 *
 * @param index of the leaf, from 0
 * @param size of the tree
 * @param path the hashes beside the way from the leaf to the root, from the leaf up
 */
public record InclusionProof(long index, long size, List<Hash> path) {
  public InclusionProof {
    path = List.copyOf(path);
  }

  /** Whether it proves the leaf under the root (RFC 9162 §2.1.3.2). */
  public boolean proves(Hash leaf, Hash root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Hash hash = leaf;
    for (Hash beside : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = Hash.node(beside, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = Hash.node(hash, beside);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }
}
