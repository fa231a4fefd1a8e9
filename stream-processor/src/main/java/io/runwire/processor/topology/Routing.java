package io.runwire.processor.topology;

import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.Envelope.Reading;
import io.runwire.event.Envelope.Refused;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventValue;
import io.runwire.event.Ids;
import io.runwire.event.Origin;
import io.runwire.event.RejectReason;
import io.runwire.fold.RunPosition;
import io.runwire.fold.RunPosition.Progress;
import io.runwire.processor.topology.Decision.Accepted;
import io.runwire.processor.topology.Decision.Reentered;
import io.runwire.processor.topology.Decision.Rejected;
import io.runwire.topic.ThreadPartitioner;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a record of agent-events is accepted, rejected or re-entered. Pure.
 *
 * <p>A record is rejected only for what it is, or for facts from strictly earlier positions of
 * agent-events. So whatever a crash does to the store, no accepted record is lost: a store that is
 * ahead of the output knows of records that were not written, and lets their replay pass; a store
 * that was turned back or wiped knows less, and lets repetitions pass, which readers skip.
 */
final class Routing {
  private final int partitions;

  /**
   * @param partitions of the log
   */
  Routing(int partitions) {
    this.partitions = partitions;
  }

  /**
   * What can be said from the record alone: {@link Rejected}, {@link Reentered}, or {@link
   * Accepted} if nothing speaks against it but what its run has come to.
   *
   * @param partition where it stands in agent-events
   */
  Decision byItself(
      byte @Nullable [] key, Headers headers, byte @Nullable [] value, int partition) {
    long envelopeSize = RecordSize.envelope(key, headers);
    if (envelopeSize > RecordSize.MAX_ENVELOPE) {
      return new Rejected(
          RejectReason.TOO_LARGE,
          "key and headers: "
              + envelopeSize
              + " bytes (expected: <= "
              + RecordSize.MAX_ENVELOPE
              + ")");
    }
    Reading reading = EnvelopeReader.read(key, headers);
    if (reading instanceof Refused refused) {
      return new Rejected(refused.reason(), refused.detail());
    }
    Envelope envelope = ((Read) reading).envelope();
    Optional<Refused> refused = EventValue.check(value, envelope.type());
    if (refused.isPresent()) {
      return new Rejected(refused.get().reason(), refused.get().detail());
    }
    if (envelope.seq() == 1 && !envelope.type().opensAttempt()) {
      return new Rejected(
          RejectReason.NOT_STARTED,
          "seq 1: " + envelope.type() + " (expected: RUN_STARTED or RUN_ERROR)");
    }
    int home = ThreadPartitioner.partition(envelope.thread(), partitions);
    if (home == partition) {
      return new Accepted(envelope, Optional.empty());
    }
    return envelope.origin() == Origin.REKEY
        ? new Rejected(
            RejectReason.WRONG_PARTITION,
            "partition: " + partition + " after re-entry (expected: " + home + ")")
        : new Reentered(envelope.thread(), home);
  }

  /**
   * What is to be done with a record that is right in itself, given its run.
   *
   * @param source its offset in agent-events
   * @param timestampMs its stamp
   * @param known what the store has of the run, or null
   */
  Decision byItsRun(Envelope envelope, long source, long timestampMs, @Nullable RoutedRun known) {
    if (known == null) {
      return envelope.seq() == 1
          ? accepted(envelope, source, source, timestampMs)
          // Not taken for where the run stands: whoever fills the hole repeats what follows it.
          : new Accepted(envelope, Optional.empty());
    }
    if (source > known.firstSource() && !envelope.thread().equals(known.thread())) {
      return new Rejected(
          RejectReason.WRONG_THREAD, "run: of thread " + Ids.printable(known.thread()));
    }
    if (source <= known.source()) {
      return new Accepted(envelope, Optional.empty());
    }
    return switch (known.position().judge(envelope)) {
      case PASS -> accepted(envelope, source, known.firstSource(), timestampMs);
      case HOLE, BELOW_FLOOR -> new Accepted(envelope, Optional.empty());
      case REPEATED -> rejected(RejectReason.DUPLICATE, known);
      case ENDED -> rejected(RejectReason.AFTER_TERMINAL, known);
      case OLD_ATTEMPT -> rejected(RejectReason.FENCED_ATTEMPT, known);
    };
  }

  private static Accepted accepted(
      Envelope envelope, long source, long firstSource, long timestampMs) {
    RunPosition position = RunPosition.after(envelope);
    return new Accepted(
        envelope,
        Optional.of(new RoutedRun(envelope.thread(), position, source, firstSource, timestampMs)));
  }

  private static Rejected rejected(RejectReason reason, RoutedRun known) {
    RunPosition position = known.position();
    return new Rejected(
        reason,
        "run: at attempt "
            + position.attempt()
            + ", seq "
            + position.seq()
            + (position.progress() == Progress.OPEN ? "" : ", ended")
            + " since source offset "
            + known.source());
  }
}
