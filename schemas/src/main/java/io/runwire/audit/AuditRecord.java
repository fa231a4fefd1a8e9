package io.runwire.audit;

import java.util.Optional;

/** A record of audit-checkpoints. */
public sealed interface AuditRecord permits CheckpointRecord, MemoryRecord {
  /** As JSON on one line: the record's value. */
  String toJson();

  /** Whether this key signed it. */
  boolean signedBy(NotaryPublicKey key);

  /** Which log it is of. */
  Origin origin();

  /** What {@link #toJson} wrote; empty where it is not of the form, or its hashes do not fit. */
  static Optional<AuditRecord> parse(String json) {
    return CheckpointRecord.parse(json)
        .<AuditRecord>map(record -> record)
        .or(() -> MemoryRecord.parse(json));
  }
}
