package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.assign.ShardOwners;
import io.sluice.relay.assign.ShardOwners.Owner;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.PositionReader;
import io.sluice.relay.ledger.RegisteredSource;
import io.sluice.relay.ledger.ShardRegistry;
import io.sluice.relay.ledger.StoredPosition;
import io.sluice.relay.ledger.TopicContent;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.supervise.ConfiguredSource;
import io.sluice.relay.supervise.SourceDirectory;
import io.sluice.relay.supervise.SourceDirectory.KnownSource;
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
  Map<ShardId, RegisteredSource> registered() {
    return new TopicContent(config.kafka()).isFilled(topics().shards())
        ? new ShardRegistry(config.kafka(), topics()).read()
        : Map.of();
  }

  /**
   * A registered source.
   *
   * @throws OperatorNeededException if there is none of this name
   */
  RegisteredSource registered(ShardId id) {
    return required(registered(), id);
  }

  static RegisteredSource required(Map<ShardId, RegisteredSource> registered, ShardId id) {
    return Optional.ofNullable(registered.get(id)).orElseThrow(() -> unknown(registered, id));
  }

  private static OperatorNeededException unknown(
      Map<ShardId, RegisteredSource> registered, ShardId id) {
    return new OperatorNeededException(
        "shard '%s' is not registered".formatted(id),
        "name one of those that are (%s), or add it: sluice-relay shards add %s"
            .formatted(
                registered.isEmpty()
                    ? "none"
                    : String.join(", ", registered.keySet().stream().map(ShardId::value).toList()),
                id));
  }

  Optional<ConfiguredSource> configured(ShardId id) {
    return config.shards().stream().filter(shard -> shard.source().id().equals(id)).findFirst();
  }

  /**
   * A source as the configuration has it.
   *
   * @throws OperatorNeededException if it does not
   */
  public ConfiguredSource requireConfigured(ShardId id) {
    return configured(id)
        .orElseThrow(
            () ->
                new OperatorNeededException(
                    "shard '%s' is not in the configuration".formatted(id),
                    "add it to 'shards' in the file given by --config"));
  }

  /** A source at the address that counts. */
  KnownSource known(RegisteredSource registered) {
    return new SourceDirectory(config.shards(), () -> Map.of(registered.id(), registered))
        .get(registered.id());
  }

  PositionSlot slot(RegisteredSource registered) {
    return topics().slot(registered.id(), registered.partition());
  }

  /** How far it was published, unless its owner has just gone on. */
  Optional<StoredPosition> position(RegisteredSource registered) {
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
