package io.sluice.relay.shard;

/** Where the life of a source stands that this relay owns. */
public enum ShardState {
  /** Checked and taken over; the engine has not been heard of yet. */
  STARTING,
  /** The engine delivers, be it only heartbeats. */
  RUNNING,
  /** Something failed that passes; another try follows. */
  WAITING,
  /** Something failed that only an operator can put right; looked at again now and then. */
  STOPPED,
  /** All there was is published, and no more is wanted. */
  DRAINED,
  /** Ended on request. Final. */
  CLOSED
}
