package io.sluice.relay.provision;

import io.sluice.relay.failure.RelayException;
import io.sluice.relay.publish.PositionSlot;

/** What came of provisioning a source. */
public sealed interface Provisioned {

  /** It is registered, now or since before. */
  record Ready(PositionSlot slot) implements Provisioned {}

  /** It is not. */
  record Failed(RelayException reason) implements Provisioned {}
}
