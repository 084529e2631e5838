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

/** Makes relays read a source from another server, as after a failover. */
public final class ShardMover {

  private final Group group;
  private final PositionRecovery healer;
  private final RegistryChange registry;

  /**
   * Moves sources of a group.
   *
   * @param healer judges positions
   */
  public ShardMover(Group group, PositionRecovery healer) {
    this.group = group;
    this.healer = healer;
    this.registry = new RegistryChange(group);
  }

  /**
   * Moves a source.
   *
   * @param isForced whether even to a server from which it cannot simply go on
   * @throws RelayException if it cannot, and is not forced to
   */
  public String move(ShardId id, String host, int port, boolean isForced) {
    ShardSource configured = group.requireConfigured(id);
    String outcome = outcome(id, configured.on(configured.server().at(host, port)), isForced);
    Move move = new Move(configured.server().address(), host, port);
    registry.replace(id, present -> present.at(move));
    return "shard '%s': read from %s:%d from now on, until the configuration names another address than %s. %s"
        .formatted(id, host, port, move.from(), outcome);
  }

  /** Moves a source back to where the configuration has it. */
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
      return outcome(target, healer.state(target, group.position(registered)), isForced);
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
      return "Forced, so the position will be given up, and the table swept for events that were"
          + " missed: "
          + state.problem();
    }
    throw new OperatorNeededException(
        state.problem(),
        "name a server that has everything that was relayed and everything after it; or use --force"
            + " to let shard '%s' go on at the present end of its binary log, and sweep its table for events that were missed"
                .formatted(target.id()));
  }
}
