package io.runwire.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The tree against RFC 6962's own definition, written down naively. */
class MerkleTreePropertyTest {
  @Property
  void growsToTheRootOfTheDefinition(@ForAll @IntRange(max = 200) int size) {
    List<Hash> leaves = leaves(size);
    assertThat(frontier(leaves).root()).isEqualTo(root(leaves));
  }

  @Property
  void provesEachLeafOfASpanAndNoOther(
      @ForAll @IntRange(max = 130) int before, @ForAll @IntRange(min = 1, max = 70) int span) {
    List<Hash> leaves = leaves(before + span);
    SpanTree tree =
        new SpanTree(frontier(leaves.subList(0, before)), leaves.subList(before, before + span));
    Hash root = root(leaves);
    assertThat(tree.root()).isEqualTo(root);
    for (int i = before; i < before + span; i++) {
      InclusionProof proof = tree.proof(i);
      assertThat(proof.proves(leaves.get(i), root)).isTrue();
      assertThat(proof.proves(leaves.get((i + 1) % leaves.size()), root))
          .isEqualTo(leaves.size() == 1);
      assertThat(proof.proves(leaves.get(i), Hash.ZERO)).isFalse();
      if (leaves.size() > 1) {
        assertThat(moved(proof).proves(leaves.get(i), root)).isFalse();
        assertThat(shortened(proof).proves(leaves.get(i), root)).isFalse();
      }
    }
  }

  @Property
  void goesOnFromItsFrontier(
      @ForAll @IntRange(max = 100) int before, @ForAll @IntRange(max = 50) int more) {
    List<Hash> leaves = leaves(before + more);
    Frontier begun = frontier(leaves.subList(0, before));
    Frontier resumed = new Frontier(begun.size(), begun.nodes());
    leaves.subList(before, before + more).forEach(resumed::append);
    assertThat(resumed.root()).isEqualTo(root(leaves));
  }

  /** RFC 6962 §2.1, word for word. */
  private static Hash root(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.of(new byte[0]);
    }
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int k = Integer.highestOneBit(leaves.size() - 1);
    return Hash.node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
  }

  private static InclusionProof moved(InclusionProof proof) {
    return new InclusionProof((proof.index() + 1) % proof.size(), proof.size(), proof.path());
  }

  private static InclusionProof shortened(InclusionProof proof) {
    return new InclusionProof(
        proof.index(), proof.size(), proof.path().subList(1, proof.path().size()));
  }

  private static Frontier frontier(List<Hash> leaves) {
    Frontier frontier = new Frontier();
    leaves.forEach(frontier::append);
    return frontier;
  }

  private static List<Hash> leaves(int n) {
    return new ArrayList<>(
        IntStream.range(0, n).mapToObj(i -> Hash.leaf(new byte[] {(byte) i, 1})).toList());
  }
}
