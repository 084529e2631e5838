package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StoredPosition;
import java.util.Optional;

/** An operator's approval to abandon a lost position. */
public final class RecoveryApproval {

  private final RelayGroup group;
  private final PositionRecovery recovery;
  private final RegistryChange registry;

  /**
   * Approvals for shards of this group.
   *
   * @param recovery judges stored positions
   */
  public RecoveryApproval(RelayGroup group, PositionRecovery recovery) {
    this.group = group;
    this.recovery = recovery;
    this.registry = new RegistryChange(group);
  }

  /**
   * Approves that this shard continues at the present end of its binary log.
   *
   * @param isForced to approve it even if the position is good, for a table that cannot be read
   *     from there
   * @return the outcome, for an operator
   * @throws OperatorNeededException if the position is good and the approval not forced
   */
  public String approve(ShardId id, boolean isForced) {
    RegisteredShard registered = group.registered(id);
    Optional<StoredPosition> stored = group.position(registered);
    PositionState state = recovery.state(group.known(registered).source(), stored);
    if (state instanceof PositionState.Usable && !isForced) {
      throw new OperatorNeededException(
          "the position of shard '%s' is good, so there is nothing to heal".formatted(id),
          "see 'sluice-relay shards list' and 'sluice-relay doctor'; if the table cannot be read from"
              + " there, abandon the position with --force");
    }
    String token = PositionRecovery.token(stored.map(StoredPosition::position));
    registry.replace(id, present -> present.withApproval(token));
    return "shard '%s': its owner may abandon the position, continue at the present end of the binary log and sweep the table for missed events%s"
        .formatted(id, state.problem().isEmpty() ? "" : ", because " + state.problem());
  }
}
