package io.sluice.relay.supervise;

import io.sluice.relay.shard.ShardState;

/** A supervisor's hold on its source, and what others are told of it. */
interface Ownership {

  /** Whether this relay is still the one that may publish the source. */
  boolean isHeld();

  /**
   * Tells the group how the source is.
   *
   * @param detail why, where that is not obvious; else empty
   */
  void report(ShardState state, String detail);
}
