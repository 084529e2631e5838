package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardOwners;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.ShardDirectory.KnownSource;
import io.sluice.relay.state.ShardRegistry;
import io.sluice.relay.state.StoredPosition;
import io.sluice.relay.state.TopicContent;
import java.util.Map;
import java.util.Optional;

/** A group of relays as it is in Kafka at the moment of asking. Thread-safe. */
public final class Group {

  private final RelayConfig config;

  /** The group this configuration is of. */
  public Group(RelayConfig config) {
    this.config = config;
  }

  RelayConfig config() {
    return config;
  }

  InternalTopics topics() {
    return config.identity().topics();
  }

  /** All registered sources; none if no relay has ever been there. */
  Map<ShardId, RegisteredShard> registered() {
    return new TopicContent(config.kafka()).isFilled(topics().shards())
        ? new ShardRegistry(config.kafka(), topics()).read()
        : Map.of();
  }

  /**
   * A registered source.
   *
   * @throws OperatorNeededException if there is none of this name
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
   * A source as the configuration has it.
   *
   * @throws OperatorNeededException if it does not
   */
  public ShardSource requireConfigured(ShardId id) {
    return configured(id)
        .orElseThrow(
            () ->
                new OperatorNeededException(
                    "shard '%s' is not in the configuration".formatted(id),
                    "add it to 'shards' in the file given by --config"));
  }

  /** A source at the address that counts. */
  KnownSource known(RegisteredShard registered) {
    return new ShardDirectory(config.shards(), () -> Map.of(registered.id(), registered))
        .get(registered.id());
  }

  PositionSlot slot(RegisteredShard registered) {
    return topics().slot(registered.id(), registered.partition());
  }

  /** How far it was published, unless its owner has just gone on. */
  Optional<StoredPosition> position(RegisteredShard registered) {
    return PositionReader.read(config.kafka(), slot(registered));
  }

  /** For the positions of many; for the caller to close. */
  PositionReader openPositions() {
    return PositionReader.open(config.kafka());
  }

  Map<Integer, Owner> owners() {
    return new ShardOwners(config.kafka(), topics().relays(), topics().positions()).read();
  }
}
