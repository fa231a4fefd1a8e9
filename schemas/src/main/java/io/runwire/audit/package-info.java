/**
 * What an auditor can prove of thread-events, as pure functions of bytes: the leaf that a stored
 * record is, the tree over a partition (RFC 6962), the signed checkpoint (C2SP tlog-checkpoint),
 * what a checkpoint says of each thread, and the bundle that carries a run with its proofs.
 *
 * <p>Start at {@link io.runwire.audit.Checkpoint}, then {@link io.runwire.audit.Verification}. May
 * not do I/O: the notary that signs and the export that reads are elsewhere.
 */
@NullMarked
package io.runwire.audit;

import org.jspecify.annotations.NullMarked;
