package io.runwire.audit;

import io.runwire.audit.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Holds the records of one span of a bundle against its checkpoint: each is in the tree where it
 * says, they are in order, and together they lead the thread from one head to the other.
 */
final class SpanCheck {
  private final Uuid topicId;
  private final Checkpoint checkpoint;
  private final ThreadSpan thread;
  private final List<BundleLine.Entry> entries = new ArrayList<>();

  SpanCheck(Uuid topicId, Checkpoint checkpoint, ThreadSpan thread) {
    this.topicId = topicId;
    this.checkpoint = checkpoint;
    this.thread = thread;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  ThreadSpan thread() {
    return thread;
  }

  /** Holds back the next record; more than the span can have are refused, so memory is bounded. */
  boolean add(BundleLine.Entry entry) {
    return entries.size() <= 2 * (checkpoint.size() - checkpoint.from()) && entries.add(entry);
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    List<BundleLine.Entry> unproven = new ArrayList<>();
    List<BundleLine.Entry> proven = new ArrayList<>();
    for (BundleLine.Entry entry : entries) {
      (stands(entry, entry.proof()) ? proven : unproven).add(entry);
    }
    long expected = thread.count() - thread.countBefore();
    order(proven, findings);
    long exchanged = exchanged(unproven, findings);
    long surplus = Math.max(0, entries.size() - expected);
    for (BundleLine.Entry entry : unproven) {
      // What stands beside the proven one of the same offset, or is one too many, was put in.
      boolean added = surplus > 0 || twin(entry, proven).isPresent();
      surplus = added ? surplus - 1 : surplus;
      findings.add(
          added
              ? new Finding(Kind.ADDED, at(entry) + " is not in the log")
              : new Finding(
                  Kind.ALTERED, at(entry) + " differs from what was notarised in its place"));
    }
    long missing = expected - entries.size();
    if (missing > 0) {
      findings.add(new Finding(Kind.MISSING, missing(missing, proven)));
    }
    if (findings.isEmpty() && exchanged == 0 && !leadsToHead()) {
      findings.add(
          new Finding(
              Kind.FORGED_THREAD,
              "the records " + between() + " are not the thread's, or not all"));
    }
    return findings;
  }

  private boolean stands(BundleLine.Entry entry, InclusionProof proof) {
    return proof.index() >= checkpoint.from()
        && proof.size() == checkpoint.size()
        && proof.proves(entry.record().leaf(topicId), checkpoint.root());
  }

  private static void order(List<BundleLine.Entry> proven, List<Finding> findings) {
    for (int i = 1; i < proven.size(); i++) {
      long offset = proven.get(i).record().offset();
      long previous = proven.get(i - 1).record().offset();
      if (offset == previous) {
        findings.add(new Finding(Kind.ADDED, at(proven.get(i)) + " stands twice"));
      } else if (offset < previous) {
        findings.add(
            new Finding(Kind.REORDERED, at(proven.get(i)) + " stands behind offset " + previous));
      }
    }
  }

  /** Takes out pairs that stand in each other's place. */
  private long exchanged(List<BundleLine.Entry> unproven, List<Finding> findings) {
    long pairs = 0;
    for (int i = 0; i < unproven.size(); i++) {
      BundleLine.Entry entry = unproven.get(i);
      Optional<BundleLine.Entry> other =
          unproven.stream().filter(o -> o != entry && stands(entry, o.proof())).findFirst();
      if (other.isPresent()) {
        findings.add(
            new Finding(
                Kind.REORDERED,
                at(entry) + " stands in the place of offset " + other.get().record().offset()));
        unproven.remove(entry);
        i--;
        pairs++;
      }
    }
    return pairs;
  }

  private static Optional<BundleLine.Entry> twin(
      BundleLine.Entry entry, List<BundleLine.Entry> proven) {
    return proven.stream().filter(p -> p.record().offset() == entry.record().offset()).findFirst();
  }

  private boolean leadsToHead() {
    Hash head = thread.headBefore();
    long lastOffset = -1;
    for (BundleLine.Entry entry : entries) {
      head = ThreadSpan.next(head, entry.record().leaf(topicId));
      lastOffset = entry.record().offset();
    }
    return head.equals(thread.head()) && lastOffset == thread.lastOffset();
  }

  private String missing(long missing, List<BundleLine.Entry> proven) {
    boolean tail =
        proven.stream().noneMatch(entry -> entry.record().offset() == thread.lastOffset());
    return missing
        + (missing == 1 ? " record" : " records")
        + " of the thread "
        + between()
        + (tail ? ", among them the last, offset " + thread.lastOffset() : "");
  }

  private String between() {
    return "in the log's records "
        + checkpoint.from()
        + " to "
        + (checkpoint.size() - 1)
        + " (up to offset "
        + (checkpoint.nextOffset() - 1)
        + ")";
  }

  private static String at(BundleLine.Entry entry) {
    return "offset " + entry.record().offset();
  }
}
