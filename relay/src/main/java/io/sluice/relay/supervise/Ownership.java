package io.sluice.relay.supervise;

import io.sluice.relay.shard.ShardState;

/** The ownership of a shard, as its supervisor sees it. */
interface Ownership {

  /** Whether this relay still owns the shard. */
  boolean isHeld();

  /**
   * Reports the state of the shard to the group.
   *
   * @param detail the reason for the state; may be empty
   */
  void report(ShardState state, String detail);
}
