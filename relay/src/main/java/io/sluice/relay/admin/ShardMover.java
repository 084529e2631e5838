package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Move;

/** Makes relays read a shard from another server, as after a failover. */
public final class ShardMover {

  private final RelayGroup group;
  private final PositionRecovery recovery;
  private final RegistryChange registry;

  /**
   * Moves shards of this group.
   *
   * @param recovery judges stored positions
   */
  public ShardMover(RelayGroup group, PositionRecovery recovery) {
    this.group = group;
    this.recovery = recovery;
    this.registry = new RegistryChange(group);
  }

  /**
   * Moves a shard.
   *
   * @param isForced to move it even to a server that lacks events or transactions
   * @return the outcome, for an operator
   * @throws RelayException if the server lacks them and the move is not forced
   */
  public String move(ShardId id, String host, int port, boolean isForced) {
    ShardSource configured = group.requireConfigured(id);
    String outcome = outcome(id, configured.on(configured.server().at(host, port)), isForced);
    Move move = new Move(configured.server().address(), host, port);
    registry.replace(id, present -> present.at(move));
    return "shard '%s': read from %s:%d from now on, until the configuration names another address than %s. %s"
        .formatted(id, host, port, move.from(), outcome);
  }

  /** Moves a shard back to its configured address. */
  public String moveBack(ShardId id, boolean isForced) {
    ShardSource configured = group.requireConfigured(id);
    String outcome = outcome(id, configured, isForced);
    registry.replace(id, RegisteredShard::asConfigured);
    return "shard '%s': read from %s again, as configured. %s"
        .formatted(id, configured.server().address(), outcome);
  }

  private String outcome(ShardId id, ShardSource target, boolean isForced) {
    RegisteredShard registered = group.registered(id);
    try {
      ShardCheck.run(target, group.config().publishing().delivery());
      return outcome(target, recovery.state(target, group.position(registered)), isForced);
    } catch (RelayException e) {
      if (!isForced) {
        throw e;
      }
      return "Forced, although: " + e.getMessage();
    }
  }

  private static String outcome(ShardSource target, PositionState state, boolean isForced) {
    if (state instanceof PositionState.Usable) {
      return "It has everything from the shard's position on: nothing is lost or repeated";
    }
    if (state instanceof PositionState.Lagging) {
      return "It is a replica that is catching up, and the shard waits for it: " + state.problem();
    }
    if (isForced) {
      return "Forced, so the position will be abandoned, and the table swept for missed events: "
          + state.problem();
    }
    throw new OperatorNeededException(
        state.problem(),
        "name a server that has everything that was relayed and everything after it; or use --force"
            + " to let shard '%s' continue at the present end of its binary log and sweep its table for missed events"
                .formatted(target.id()));
  }
}
