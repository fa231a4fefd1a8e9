package io.runwire.edge.hub;

import java.util.OptionalLong;

/**
 * Where a run lies in its partition of thread-events, as the ledger has it.
 *
 * @param first the offset of its first record
 * @param sourceFloor the highest source offset before that record
 * @param last the offset of its final terminal event; empty while it goes on
 */
public record RunSpan(long first, long sourceFloor, OptionalLong last) {}
