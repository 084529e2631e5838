package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.preflight.Finding;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks one shard: its server, its tables, its position. */
final class ShardDoctor {

  private final RelayGroup group;
  private final PositionRecovery recovery;

  ShardDoctor(RelayGroup group, PositionRecovery recovery) {
    this.group = group;
    this.recovery = recovery;
  }

  /**
   * All findings about a configured shard.
   *
   * @param isKafkaReached whether the registry could be read
   */
  List<Finding> findings(
      ShardSource configured, Optional<RegisteredShard> registered, boolean isKafkaReached) {
    ShardSource source = registered.map(known -> group.known(known).source()).orElse(configured);
    List<Finding> findings =
        new ArrayList<>(ShardCheck.findings(source, group.config().publishing().delivery()));
    registered.ifPresent(known -> addPosition(source, known, findings));
    if (registered.isEmpty() && isKafkaReached) {
      findings.add(unknown(source.id()));
    }
    return findings;
  }

  private static Finding unknown(ShardId id) {
    return new Finding(
        Severity.WARNING,
        "it is not provisioned yet, so what services write now is only found by a sweep",
        "sluice-relay shards add %s; or start a relay, which does it too".formatted(id));
  }

  private void addPosition(ShardSource source, RegisteredShard registered, List<Finding> findings) {
    if (registered.phase() == Phase.DRAINED) {
      findings.add(
          new Finding(
              Severity.WARNING,
              "it is drained, so nothing of it is relayed",
              "sluice-relay shards resume %s; or take it out of the configuration and remove it"
                  .formatted(source.id())));
      return;
    }
    PositionState state = recovery.state(source, group.position(registered));
    if (state instanceof PositionState.Lagging) {
      findings.add(
          new Finding(Severity.WARNING, state.problem(), "wait until the replica has caught up"));
    } else if (!(state instanceof PositionState.Usable)) {
      findings.add(lost(source.id(), state));
    }
  }

  private Finding lost(ShardId id, PositionState state) {
    if (group.config().recovery().approval() == Approval.OPERATOR) {
      return new Finding(
          Severity.ERROR,
          state.problem(),
          "restore what is missing, or approve that the position is abandoned: sluice-relay shards heal %s"
              .formatted(id));
    }
    return new Finding(
        Severity.WARNING,
        state.problem(),
        "restore what is missing within %s, or let the relay recover: it continues at the present end of the binary log and sweeps the table"
            .formatted(group.config().recovery().patience()));
  }

  /** The finding about a registered shard that is not configured. */
  static Finding orphan(RegisteredShard source) {
    boolean isDrained = source.phase() == Phase.DRAINED;
    return new Finding(
        isDrained ? Severity.WARNING : Severity.ERROR,
        "it is registered (%s), but not in this configuration".formatted(source.phase()),
        isDrained
            ? "sluice-relay shards remove %s".formatted(source.id())
            : "give all relays of the group the same shards; or put it back, drain it (sluice-relay shards drain %s), and then remove it"
                .formatted(source.id()));
  }
}
