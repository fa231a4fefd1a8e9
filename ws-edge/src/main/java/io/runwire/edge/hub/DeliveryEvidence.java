package io.runwire.edge.hub;

import io.runwire.cursor.LogIdentity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the hub writes down what was delivered. Called on the delivery loops: must return at once,
 * whatever becomes of the record.
 */
public interface DeliveryEvidence {
  /** Whether successes are wanted; failures always are. */
  boolean wanted(boolean acknowledging);

  void accept(Report report);

  /**
   * What one subscription delivered since its last report.
   *
   * @param connection its id
   * @param subject the user; empty for a socket that was never authenticated
   * @param log in which the offsets count
   * @param partition of thread-events
   * @param acknowledging whether the reader acknowledges
   * @param events in the order of their writes or acks
   * @param writtenUpTo the position behind the last event that was written
   * @param acknowledgedUpTo what the reader has said that it has
   * @param last whether the subscription has ended
   * @param failure why it was given up
   */
  record Report(
      String connection,
      Optional<String> subject,
      String thread,
      LogIdentity log,
      int partition,
      boolean acknowledging,
      List<Delivered> events,
      OptionalLong writtenUpTo,
      OptionalLong acknowledgedUpTo,
      long atMs,
      boolean last,
      Optional<Failure> failure) {}

  /**
   * An event that reached the socket, and its reader if that is known.
   *
   * @param offset of its record
   * @param writtenAtMs when the write had ended
   * @param acknowledgedAfterMs from then on
   */
  record Delivered(long offset, long writtenAtMs, OptionalLong acknowledgedAfterMs) {}

  /** A socket was given up after so many retries, with events from {@code from} on undelivered. */
  record Failure(RetryCause cause, int retries, long from) {}
}
