package io.sluice.relay.admin;

import io.sluice.relay.shard.RelayException;
import io.sluice.relay.state.PositionSlot;

/** The outcome of provisioning a shard. */
public sealed interface Provisioned {

  /** The shard is registered, now or since an earlier time. */
  record Ready(PositionSlot slot) implements Provisioned {}

  /** The shard is not registered. */
  record Failed(RelayException reason) implements Provisioned {}
}
