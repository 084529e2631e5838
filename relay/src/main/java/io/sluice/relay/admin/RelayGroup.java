package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardOwners;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.ShardDirectory.KnownSource;
import io.sluice.relay.state.StateStore;
import io.sluice.relay.state.StoredPosition;
import java.util.Map;
import java.util.Optional;

/** Reads the state of a group of relays from Kafka and from the configuration. Thread-safe. */
public final class RelayGroup {

  private final RelayConfig config;

  /** The group of this configuration. */
  public RelayGroup(RelayConfig config) {
    this.config = config;
  }

  RelayConfig config() {
    return config;
  }

  InternalTopics topics() {
    return config.identity().topics();
  }

  private StateStore state() {
    return new StateStore(config.kafka(), topics());
  }

  /** All registered shards; none if the group has no registry yet. */
  Map<ShardId, RegisteredShard> registered() {
    return state().isFilled(topics().shards()) ? state().registered() : Map.of();
  }

  /**
   * A registered shard.
   *
   * @throws OperatorNeededException if there is none with this id
   */
  RegisteredShard registered(ShardId id) {
    return required(registered(), id);
  }

  static RegisteredShard required(Map<ShardId, RegisteredShard> registered, ShardId id) {
    return Optional.ofNullable(registered.get(id)).orElseThrow(() -> unknown(registered, id));
  }

  private static OperatorNeededException unknown(
      Map<ShardId, RegisteredShard> registered, ShardId id) {
    return new OperatorNeededException(
        "shard '%s' is not registered".formatted(id),
        "name one of those that are (%s), or add it: sluice-relay shards add %s"
            .formatted(
                registered.isEmpty()
                    ? "none"
                    : String.join(", ", registered.keySet().stream().map(ShardId::value).toList()),
                id));
  }

  Optional<ShardSource> configured(ShardId id) {
    return config.shards().stream().filter(shard -> shard.id().equals(id)).findFirst();
  }

  /**
   * A configured shard.
   *
   * @throws OperatorNeededException if there is none with this id
   */
  public ShardSource requireConfigured(ShardId id) {
    return configured(id)
        .orElseThrow(
            () ->
                new OperatorNeededException(
                    "shard '%s' is not in the configuration".formatted(id),
                    "add it to 'shards' in the file given by --config"));
  }

  /** A shard at the address from which it is read. */
  KnownSource known(RegisteredShard registered) {
    return new ShardDirectory(config.shards(), () -> Map.of(registered.id(), registered))
        .get(registered.id());
  }

  PositionSlot slot(RegisteredShard registered) {
    return state().slot(registered);
  }

  /** The stored position, which the owner may replace at any moment. */
  Optional<StoredPosition> position(RegisteredShard registered) {
    return state().position(registered);
  }

  /** The pending work, which the owner may change at any moment. */
  PendingWork pendingWork(RegisteredShard registered) {
    return state().pendingWork(registered);
  }

  /** A reader for the positions of many shards, which the caller closes. */
  PositionReader openPositions() {
    return PositionReader.open(config.kafka());
  }

  Map<Integer, Owner> owners() {
    return new ShardOwners(config.kafka(), topics().relays(), topics().positions()).read();
  }
}
