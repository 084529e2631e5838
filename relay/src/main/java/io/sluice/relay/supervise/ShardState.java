package io.sluice.relay.supervise;

/** Where a shard's life stands. */
public enum ShardState {
  /** Checked, provisioned, taken over; the engine has not been heard of yet. */
  STARTING,
  /** The engine delivers, be it only heartbeats. */
  RUNNING,
  /** Something failed that passes; another try follows. */
  WAITING,
  /** Something failed that only an operator can put right. Final. */
  STOPPED,
  /** Ended on request. Final. */
  CLOSED
}
