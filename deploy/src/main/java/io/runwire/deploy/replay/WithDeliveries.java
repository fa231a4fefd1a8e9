package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.cursor.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Hands records on with what edges reported of their delivery, from edge-deliveries. Belongs to the
 * thread that downloads.
 */
public final class WithDeliveries implements ReplayReader, AutoCloseable {
  /** Some 20 MB. */
  private static final int MOST_HELD = 200_000;

  private final ReplayReader next;
  private final KafkaEvidence log;
  private final Deliveries deliveries;
  private long events;
  private long reported;
  private long acknowledged;

  private WithDeliveries(ReplayReader next, KafkaEvidence log, Duration within) {
    this.next = next;
    this.log = log;
    this.deliveries = new Deliveries(log, within, MOST_HELD);
  }

  /**
   * Connects to Kafka.
   *
   * @param within how long after an event its deliveries are looked for
   * @throws IOException if Kafka, or edge-deliveries there, cannot be reached
   */
  public static WithDeliveries open(ReplayReader next, String bootstrap, Duration within)
      throws IOException {
    return new WithDeliveries(next, KafkaEvidence.open(bootstrap), within);
  }

  @Override
  public void record(ReplayRecord record) throws IOException, InterruptedException {
    Optional<Cursor> behind = Cursor.decode(record.cursor());
    if (behind.isEmpty()) {
      throw new IOException("a cursor of another version: " + record.cursor());
    }
    Evidence evidence = deliveries.of(behind.get(), record.thread(), record.timestampMs());
    events++;
    if (!evidence.deliveries().isEmpty()) {
      reported++;
    }
    if (evidence.deliveries().stream().anyMatch(each -> each.acknowledgedAfterMs().isPresent())) {
      acknowledged++;
    }
    next.record(record.with(evidence));
  }

  @Override
  public void gap(JsonNode gap) throws IOException {
    next.gap(gap);
  }

  @Override
  public void end(String cursor, long total) throws IOException {
    next.end(cursor, total);
  }

  /** What was found, as a sentence. */
  public String summary() {
    return String.format(
        "of %,d events, %,d were acknowledged by a reader, %,d written without that, and of %,d"
            + " no delivery was reported",
        events, acknowledged, reported - acknowledged, events - reported);
  }

  @Override
  public void close() {
    log.close();
  }
}
