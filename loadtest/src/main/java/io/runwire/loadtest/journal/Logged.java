package io.runwire.loadtest.journal;

import io.runwire.event.Origin;
import io.runwire.fold.Verdict;

/**
 * A record of thread-events, as an independent reader found it, and what the fold says of it.
 *
 * <p>Columns: {@code ms partition offset source thread run attempt seq ends(0|1) hash origin
 * verdict}.
 *
 * @param ms the record's timestamp: when it was appended to agent-events, by the broker's clock
 * @param source the offset in agent-events that it was routed from, −1 where it names none
 * @param ends whether it ends its run for good
 * @param hash {@link Hashes#of} the value
 * @param origin who wrote it; what the watchdog wrote stands in no producer's journal
 * @param verdict of a {@link io.runwire.fold.Fold} over its thread, from the start of the log
 */
public record Logged(
    long ms,
    int partition,
    long offset,
    long source,
    String thread,
    String run,
    int attempt,
    long seq,
    boolean ends,
    long hash,
    Origin origin,
    Verdict verdict) {}
