package io.runwire.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The tree against known roots, and what it refuses. */
class MerkleTreeTest {
  /** The leaves that the implementations of Certificate Transparency test each other with. */
  private static final List<String> KNOWN_LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  @Test
  void hasTheRootsThatCertificateTransparencyKnows() {
    Frontier tree = new Frontier();
    assertThat(hex(tree.root()))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    KNOWN_LEAVES.forEach(leaf -> tree.append(Hash.leaf(HexFormat.of().parseHex(leaf))));
    assertThat(hex(tree.root()))
        .isEqualTo("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  }

  @Test
  void refusesAFrontierThatIsNotOfItsSize() {
    assertThatThrownBy(() -> new Frontier(3, List.of(Hash.ZERO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size 3");
  }

  @Test
  void provesNothingOutsideTheSpan() {
    SpanTree tree = new SpanTree(frontier(leaves(4)), leaves(2));
    assertThatThrownBy(() -> tree.proof(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tree.proof(6)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(new InclusionProof(-1, 6, List.of()).proves(Hash.ZERO, tree.root())).isFalse();
    assertThat(new InclusionProof(6, 6, List.of()).proves(Hash.ZERO, tree.root())).isFalse();
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

  private static String hex(Hash hash) {
    return HexFormat.of().formatHex(hash.bytes());
  }
}
