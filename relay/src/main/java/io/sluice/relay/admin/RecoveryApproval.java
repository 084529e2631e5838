package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StoredPosition;
import java.util.Optional;

/** An operator's word that a lost position may be given up. */
public final class RecoveryApproval {

  private final Group group;
  private final PositionRecovery healer;
  private final RegistryChange registry;

  /**
   * Approves for sources of a group.
   *
   * @param healer judges positions
   */
  public RecoveryApproval(Group group, PositionRecovery healer) {
    this.group = group;
    this.healer = healer;
    this.registry = new RegistryChange(group);
  }

  /**
   * Approves that this source goes on at the present.
   *
   * @param isForced whether even though its position is good, as where the table cannot be read
   *     from there
   * @throws OperatorNeededException if its position is good, and it is not forced
   */
  public String approve(ShardId id, boolean isForced) {
    RegisteredShard registered = group.registered(id);
    Optional<StoredPosition> stored = group.position(registered);
    PositionState state = healer.state(group.known(registered).source(), stored);
    if (state instanceof PositionState.Usable && !isForced) {
      throw new OperatorNeededException(
          "the position of shard '%s' is good, so there is nothing to heal".formatted(id),
          "see what 'sluice-relay shards list' and 'sluice-relay doctor' say of the shard; if its table"
              + " cannot be read from there, give the position up with --force");
    }
    String token = PositionRecovery.token(stored.map(StoredPosition::position));
    registry.replace(id, present -> present.healing(token));
    return "shard '%s': its owner may give the position up, go on at the present and sweep the table for events that were missed%s"
        .formatted(id, state.problem().isEmpty() ? "" : ", because " + state.problem());
  }
}
