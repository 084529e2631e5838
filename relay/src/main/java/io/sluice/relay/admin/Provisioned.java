package io.sluice.relay.admin;

import io.sluice.relay.shard.RelayException;
import io.sluice.relay.state.PositionSlot;

/** What came of provisioning a source. */
public sealed interface Provisioned {

  /** It is registered, now or since before. */
  record Ready(PositionSlot slot) implements Provisioned {}

  /** It is not. */
  record Failed(RelayException reason) implements Provisioned {}
}
