package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.check.PositionState;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.heal.PositionHealer;
import io.sluice.relay.ledger.RegisteredSource;
import io.sluice.relay.ledger.StoredPosition;
import java.util.Optional;

/** An operator's word that a lost position may be given up. */
public final class HealingApproval {

  private final Group group;
  private final PositionHealer healer;
  private final RegistryChange registry;

  /**
   * Approves for sources of a group.
   *
   * @param healer judges positions
   */
  public HealingApproval(Group group, PositionHealer healer) {
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
    RegisteredSource registered = group.registered(id);
    Optional<StoredPosition> stored = group.position(registered);
    PositionState state = healer.state(group.known(registered).source(), stored);
    if (state instanceof PositionState.Usable && !isForced) {
      throw new OperatorNeededException(
          "the position of shard '%s' is good, so there is nothing to heal".formatted(id),
          "see what 'sluice-relay shards list' and 'sluice-relay doctor' say of the shard; if its table"
              + " cannot be read from there, give the position up with --force");
    }
    String token = PositionHealer.token(stored.map(StoredPosition::position));
    registry.replace(id, present -> present.healing(token));
    return "shard '%s': its owner may give the position up, go on at the present and sweep the table for events that were missed%s"
        .formatted(id, state.problem().isEmpty() ? "" : ", because " + state.problem());
  }
}
