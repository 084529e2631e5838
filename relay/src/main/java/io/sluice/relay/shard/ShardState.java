package io.sluice.relay.shard;

/** Life cycle of a source. */
public enum ShardState {
  /** Configured, but no first position is stored yet. */
  NOT_PROVISIONED,
  /** Another relay owns it, or none. */
  NOT_OWNED,
  /** This relay owns it, and checks it or takes it over; it has made no progress yet. */
  STARTING,
  /** The run has stored a position, or has found that there is nothing to read. */
  RUNNING,
  /** A transient failure occurred; a retry follows. */
  WAITING,
  /** A failure occurred that an operator must fix; the relay retries at long intervals. */
  STOPPED,
  /** Everything is relayed, and the source is not read any more. */
  DRAINED,
  /** Closed on request. Final. */
  CLOSED
}
