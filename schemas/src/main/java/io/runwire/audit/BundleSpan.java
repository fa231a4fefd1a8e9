package io.runwire.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the part of a bundle that belongs to one checkpoint. */
public final class BundleSpan {
  private final CheckpointRecord closing;
  private final SpanTree tree;
  private final ThreadSpan thread;
  private final SpanTree threadTree;

  private BundleSpan(CheckpointRecord closing, SpanTree tree, ThreadSpan thread) {
    this.closing = closing;
    this.tree = tree;
    this.thread = thread;
    this.threadTree = closing.threadTree();
  }

  /**
   * The part of a thread.
   *
   * @param before the tree at the checkpoint before {@code closing}
   * @return empty if the thread had no record in the span
   * @throws IllegalArgumentException if the two do not fit
   */
  public static Optional<BundleSpan> of(
      Frontier before, CheckpointRecord closing, String threadId) {
    Hash name = ThreadSpan.name(threadId);
    Optional<ThreadSpan> thread =
        closing.threads().stream().filter(t -> t.thread().equals(name)).findFirst();
    return thread.map(
        t ->
            new BundleSpan(
                closing,
                closing
                    .spanTree(before)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "the tree of size "
                                    + before.size()
                                    + " does not lead to "
                                    + closing.checkpoint())),
                t));
  }

  /**
   * The lines: the checkpoint, then the thread's records in its span.
   *
   * @param records as they lie in the log now; each gets the proof of what was signed in its place,
   *     so that one that was altered since is named by whoever verifies
   */
  public List<BundleLine> lines(List<StoredRecord> records) {
    List<BundleLine> lines = new ArrayList<>();
    int place = closing.threads().indexOf(thread);
    lines.add(new BundleLine.Span(closing.signed().note(), thread, threadTree.proof(place)));
    for (StoredRecord record : records) {
      lines.add(new BundleLine.Entry(record, proof(record.offset())));
    }
    return lines;
  }

  /** A record where none was signed has a proof that proves nothing. */
  private InclusionProof proof(long offset) {
    List<Leaf> leaves = closing.leaves();
    for (int i = 0; i < leaves.size(); i++) {
      if (leaves.get(i).offset() == offset) {
        return tree.proof(closing.checkpoint().from() + i);
      }
    }
    return new InclusionProof(closing.checkpoint().size(), closing.checkpoint().size(), List.of());
  }
}
