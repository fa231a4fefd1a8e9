package io.runwire.frame;

/** Why records between two positions cannot be read. */
public enum GapReason {
  /** They are older than the log. */
  EXPIRED,
  /** The log lost them. */
  TRUNCATED,
  /** The cursor is of another cluster, topic incarnation or partition count. */
  FOREIGN_LOG
}
