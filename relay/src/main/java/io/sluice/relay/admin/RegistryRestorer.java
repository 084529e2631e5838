package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StateStore;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers shards again that have a stored position but no registration: the registry was lost. As
 * new shards they would start at the present end of their binary logs and skip the events between
 * their positions and that end. Thread-safe.
 */
public final class RegistryRestorer {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryRestorer.class);

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final RegistryEditor registry;
  private final StateStore state;

  public RegistryRestorer(KafkaSettings kafka, InternalTopics internal, RegistryEditor registry) {
    this.kafka = kafka;
    this.internal = internal;
    this.registry = registry;
    this.state = new StateStore(kafka, internal);
  }

  /**
   * Registers the shards that have a position.
   *
   * @param known the registered shards
   * @return the shards that were registered again
   */
  Map<ShardId, RegisteredShard> restore(
      Collection<ShardSource> unregistered, Collection<RegisteredShard> known) {
    Map<ShardId, RegisteredShard> lost = lost(unregistered, partitions(known));
    if (lost.isEmpty()) {
      return Map.of();
    }
    Map<ShardId, RegisteredShard> restored = new TreeMap<>();
    registry.edit(
        registered -> {
          lost.values().stream()
              .filter(source -> hasPlace(source, registered))
              .forEach(source -> restored.put(source.id(), source));
          return restored.values().stream().map(registry::record).toList();
        });
    restored
        .keySet()
        .forEach(
            id ->
                LOG.warn(
                    "shard '{}': has a position, but was not registered any more. Registered again, to"
                        + " continue from there; topic {} may have been deleted, so check the phase"
                        + " and the address of all shards",
                    id,
                    internal.shards()));
    return restored;
  }

  private static Set<Integer> partitions(Collection<RegisteredShard> sources) {
    return sources.stream().map(RegisteredShard::partition).collect(Collectors.toSet());
  }

  private Map<ShardId, RegisteredShard> lost(
      Collection<ShardSource> unregistered, Set<Integer> taken) {
    Map<ShardId, RegisteredShard> lost = new TreeMap<>();
    if (unregistered.isEmpty()) {
      return lost;
    }
    try (PositionReader positions = PositionReader.open(kafka)) {
      Map<ShardId, Integer> holders = positions.holders(internal.positions(), taken);
      for (ShardSource source : unregistered) {
        Integer partition = holders.get(source.id());
        if (partition != null && isUsable(positions, source.id(), partition)) {
          lost.put(source.id(), RegisteredShard.active(source.id(), partition, source.shards()));
        }
      }
    }
    return lost;
  }

  /** A position that a former owner stored after the removal of its shard has no history. */
  private boolean isUsable(PositionReader positions, ShardId source, int partition) {
    return positions
        .read(internal.slot(source, partition))
        .filter(stored -> state.isFilled(stored.position().history()))
        .isPresent();
  }

  /** Partitions that hold positions of unregistered shards: new shards must not take them. */
  Set<Integer> heldPartitions(Collection<RegisteredShard> known) {
    try (PositionReader positions = PositionReader.open(kafka)) {
      return Set.copyOf(positions.holders(internal.positions(), partitions(known)).values());
    }
  }

  private static boolean hasPlace(
      RegisteredShard source, Map<ShardId, RegisteredShard> registered) {
    return registered.values().stream()
        .noneMatch(
            other -> other.id().equals(source.id()) || other.partition() == source.partition());
  }
}
