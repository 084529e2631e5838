package io.sluice.relay.shard;

/** Life cycle of a source that this relay owns. */
public enum ShardState {
  /** Checked and taken over; the engine has not delivered anything yet. */
  STARTING,
  /** The engine delivers changes or heartbeats. */
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
