package io.runwire.audit;

import io.runwire.audit.Finding.Kind;
import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a bundle line by line, in memory bounded by its largest span, without asking anybody.
 *
 * <ol>
 *   <li>Each checkpoint is signed by the key that the verifier trusts, and is of the bundle's log.
 *   <li>Each record stands in the tree of its checkpoint: none is altered or added.
 *   <li>Each span begins with the head at which the thread's last one ended, and its records lead
 *       to its own: none is missing, none has moved.
 *   <li>The run is dense from seq 1 of its first attempt to its terminal event.
 * </ol>
 *
 * Not thread-safe.
 */
public final class Verification {
  /** Findings beyond these are of no more use. */
  private static final int MAX_FINDINGS = 100;

  private final NotaryPublicKey key;
  private final List<Finding> findings = new ArrayList<>();
  private long lines;
  private long records;
  private BundleLine.@Nullable Head head;
  private @Nullable RunCheck run;
  private @Nullable SpanCheck span;
  private @Nullable SpanCheck last;
  private boolean fromThreadsStart;
  private boolean ended;

  /**
   * @param key the notary's, from elsewhere than the bundle: that is all that has to be trusted
   */
  public Verification(NotaryPublicKey key) {
    this.key = key;
  }

  /** Reads the next line. */
  public void line(String text) {
    lines++;
    Optional<BundleLine> line = BundleLine.parse(text, head == null ? -1 : head.partition());
    if (line.isEmpty()) {
      find(Kind.MALFORMED, "line " + lines + " is no line of a bundle");
    } else if (ended) {
      find(Kind.MALFORMED, "line " + lines + " stands behind the end");
    } else if (head == null) {
      first(line.get());
    } else if (line.get() instanceof BundleLine.Span next) {
      begin(next, head);
    } else if (line.get() instanceof BundleLine.Entry entry) {
      entry(entry);
    } else if (line.get() instanceof BundleLine.End end) {
      end(end);
    } else {
      find(Kind.MALFORMED, "line " + lines + " is a second head");
    }
  }

  /** The judgement on the lines read. */
  public Judgement judge() {
    closeSpan();
    if (!ended) {
      find(Kind.CUT, "the bundle has no end: " + records + " records, then nothing");
    }
    if (run != null) {
      boolean spansWhole = findings.isEmpty();
      for (RunCheck.Hole hole : run.holes()) {
        // Where the spans are whole, what is missing elsewhere never came to the log.
        if (hole.atStart() || !spansWhole) {
          find(Kind.MISSING, hole.toString());
        }
      }
      if (run.firstAttempt() > 1 && !fromThreadsStart) {
        find(
            Kind.MISSING,
            "the run begins with attempt "
                + run.firstAttempt()
                + ", and nothing shows that it had none before");
      }
      if (run.events() == 0) {
        find(Kind.MISSING, "the bundle has no event of its run");
      }
    }
    Optional<Instant> until = Optional.ofNullable(last).map(s -> s.checkpoint().time());
    return new Judgement(
        findings,
        records,
        until,
        Optional.ofNullable(run).map(r -> r.end().isPresent()),
        sentence(until));
  }

  private void first(BundleLine line) {
    if (!(line instanceof BundleLine.Head is)) {
      find(Kind.MALFORMED, "line " + lines + " stands before the head");
      return;
    }
    head = is;
    is.run().ifPresent(id -> run = new RunCheck(id));
  }

  private void begin(BundleLine.Span next, BundleLine.Head of) {
    closeSpan();
    Optional<SignedCheckpoint> signed = SignedCheckpoint.parse(next.note());
    if (signed.isEmpty() || !signed.get().signedBy(key)) {
      find(
          Kind.FORGED_CHECKPOINT,
          "the checkpoint in line "
              + lines
              + " is not signed by "
              + key.name()
              + "+"
              + key.id()
              + signed.flatMap(SignedCheckpoint::signer).map(by -> " but by " + by).orElse(""));
      return;
    }
    Checkpoint checkpoint = signed.get().checkpoint();
    Origin origin = checkpoint.origin();
    if (!origin.topicId().equals(of.topicId()) || origin.partition() != of.partition()) {
      find(Kind.FOREIGN_LOG, "the checkpoint in line " + lines + " is of " + origin);
      return;
    }
    ThreadSpan thread = next.thread();
    if (!thread.thread().equals(ThreadSpan.name(of.thread()))
        || next.proof().size() != checkpoint.threads()
        || !next.proof().proves(thread.leaf(), checkpoint.threadsRoot())) {
      find(
          Kind.FORGED_THREAD,
          "what line " + lines + " says of the thread is not what its checkpoint says");
      return;
    }
    span = new SpanCheck(of.topicId(), checkpoint, thread);
    follows(span);
  }

  /** Whether the thread goes on where the span before left it. */
  private void follows(SpanCheck next) {
    ThreadSpan now = next.thread();
    if (last == null) {
      fromThreadsStart = now.countBefore() == 0;
      return;
    }
    ThreadSpan before = last.thread();
    if (next.checkpoint().from() < last.checkpoint().size()) {
      find(Kind.REORDERED, "the span in line " + lines + " does not come after the one before");
    } else if (now.countBefore() > before.count()) {
      find(
          Kind.MISSING,
          (now.countBefore() - before.count())
              + " records of the thread between offset "
              + before.lastOffset()
              + " and the span in line "
              + lines);
    } else if (now.countBefore() != before.count() || !now.headBefore().equals(before.head())) {
      find(Kind.FORGED_THREAD, "the span in line " + lines + " is of another history");
    }
  }

  private void entry(BundleLine.Entry entry) {
    records++;
    if (span == null || !span.add(entry)) {
      find(Kind.ADDED, "offset " + entry.record().offset() + " stands in no span");
      return;
    }
    StoredRecord record = entry.record();
    if (EnvelopeReader.read(record.key(), record.headers()) instanceof Envelope.Read read
        && run != null) {
      run.add(read.envelope(), record);
    }
  }

  private void end(BundleLine.End end) {
    ended = true;
    if (end.records() != records) {
      find(Kind.MISSING, "the end speaks of " + end.records() + " records, there are " + records);
    }
  }

  private void closeSpan() {
    if (span != null) {
      span.findings().forEach(f -> find(f.kind(), f.what()));
      last = span;
      span = null;
    }
  }

  private void find(Kind kind, String what) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(kind, what));
    }
  }

  private String sentence(Optional<Instant> until) {
    String subject = subject();
    if (!findings.isEmpty() || until.isEmpty()) {
      return "Not proven: "
          + subject
          + ": "
          + (findings.isEmpty() ? "no checkpoint" : findings.get(0).what())
          + (findings.size() > 1 ? ", and " + (findings.size() - 1) + " more" : "")
          + ".";
    }
    String signer = "signed by " + key.name() + "+" + key.id() + " at " + until.get();
    if (run == null) {
      return "Proven: "
          + subject
          + ": these "
          + records
          + " records are all it had in its log from the first of them on, unaltered and in order, "
          + signer
          + ".";
    }
    String whole =
        run.events()
            + " events in "
            + run.attempts()
            + (run.attempts() == 1 ? " attempt" : " attempts")
            + ", none missing, altered, added or moved"
            + (run.holes().isEmpty() ? ", " : ", but never in the log: " + run.holes() + ", ");
    return run.end().isPresent()
        ? "Proven: "
            + subject
            + " is whole: "
            + whole
            + "ended by "
            + run.end().get()
            + " at "
            + Instant.ofEpochMilli(run.lastTimestampMs())
            + "; "
            + signer
            + "."
        : "Proven so far: " + subject + " had not ended: " + whole + signer + ".";
  }

  private String subject() {
    if (head == null) {
      return "a bundle without a head";
    }
    String thread = "thread " + head.thread();
    return head.run().map(id -> "run " + id + " of " + thread).orElse(thread);
  }
}
