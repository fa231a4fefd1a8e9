package io.runwire.producer.kafka;

import io.runwire.producer.log.ProducerMetrics;
import java.util.concurrent.atomic.LongAdder;

/** What a log counts, over all its lanes. */
final class Counters {
  final LongAdder appended = new LongAdder();
  final LongAdder joined = new LongAdder();
  final LongAdder settled = new LongAdder();
  final LongAdder sendErrors = new LongAdder();
  final LongAdder resent = new LongAdder();
  final LongAdder waited = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder failedRuns = new LongAdder();

  /**
   * @param unsettledBytes held now
   */
  ProducerMetrics snapshot(long unsettledBytes) {
    return new ProducerMetrics(
        appended.sum(),
        joined.sum(),
        settled.sum(),
        sendErrors.sum(),
        resent.sum(),
        waited.sum(),
        refused.sum(),
        failedRuns.sum(),
        unsettledBytes);
  }
}
