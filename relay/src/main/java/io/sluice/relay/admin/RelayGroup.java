package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardOwners;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.record.TopicCatalog;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionState;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.StateStore;
import io.sluice.relay.state.StoredPosition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** A group of relays as commands see it: its configuration and its state in Kafka. Thread-safe. */
public final class RelayGroup {

  private final RelayConfig config;
  private final RegistryEditor registry;
  private final TopicCatalog catalog;
  private final PositionRecovery recovery;

  /**
   * The group of this configuration.
   *
   * @param catalog the topics that all its shards share
   * @param recovery checks stored positions
   */
  public RelayGroup(
      RelayConfig config,
      RegistryEditor registry,
      TopicCatalog catalog,
      PositionRecovery recovery) {
    this.config = config;
    this.registry = registry;
    this.catalog = catalog;
    this.recovery = recovery;
  }

  RelayConfig config() {
    return config;
  }

  InternalTopics topics() {
    return config.identity().topics();
  }

  TopicCatalog catalog() {
    return catalog;
  }

  StateStore state() {
    return new StateStore(config.kafka(), topics());
  }

  RegistryEditor registry() {
    return registry;
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

  private static RegisteredShard required(Map<ShardId, RegisteredShard> registered, ShardId id) {
    RegisteredShard shard = registered.get(id);
    if (shard == null) {
      String known = String.join(", ", registered.keySet().stream().map(ShardId::value).toList());
      throw new OperatorNeededException(
          "shard '%s' is not registered".formatted(id),
          "name one of those that are (%s), or add it: sluice-relay shards add %s"
              .formatted(known.isEmpty() ? "none" : known, id));
    }
    return shard;
  }

  /** A shard at the address from which it is read. */
  ShardSource source(RegisteredShard registered) {
    return new ShardDirectory(config.shards(), () -> Map.of(registered.id(), registered))
        .get(registered.id())
        .source();
  }

  Map<Integer, Owner> owners() {
    return new ShardOwners(config.kafka(), topics().relays(), topics().positions()).read();
  }

  /** Whether a source can continue from this position. */
  PositionState check(ShardSource source, Optional<StoredPosition> position) {
    return recovery.state(source, position);
  }

  /** Replaces a registration; publishes nothing if that changes nothing. */
  void replace(ShardId id, UnaryOperator<RegisteredShard> change) {
    edit(
        id,
        current -> {
          RegisteredShard changed = change.apply(current);
          return changed.equals(current) ? List.of() : List.of(registry.record(changed));
        });
  }

  /**
   * Publishes the records made from a registration, in one transaction.
   *
   * @throws TransientException if they are not certain to be published
   */
  void edit(ShardId id, Function<RegisteredShard, List<ProducerRecord<byte[], byte[]>>> change) {
    registered(id);
    try {
      registry.edit(current -> change.apply(required(current, id)));
    } catch (KafkaException e) {
      throw new TransientException(
          "shard '%s': %s: see 'sluice-relay shards list', and try again".formatted(id, reason(e)),
          e);
    }
  }

  private static String reason(KafkaException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return "the registry of shards was changed at the same moment by another client, so this change was abandoned";
      }
    }
    return "it is not certain that the registry of shards was changed (%s)".formatted(failure);
  }
}
