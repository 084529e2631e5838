package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StateStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers shards again that have a stored position but no registration: the registry was lost. As
 * new shards they would start at the current end of their binlogs and skip the events between their
 * positions and that end. Thread-safe.
 */
final class RegistryRestorer {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryRestorer.class);

  private final StateStore state;
  private final RegistryEditor registry;

  RegistryRestorer(StateStore state, RegistryEditor registry) {
    this.state = state;
    this.registry = registry;
  }

  /**
   * Registers the shards that have a position.
   *
   * @param known the registered shards
   * @return the shards that were registered again
   */
  Map<ShardId, RegisteredShard> restore(
      Collection<ShardSource> unregistered, Collection<RegisteredShard> known) {
    List<RegisteredShard> lost = lost(unregistered, known);
    if (lost.isEmpty()) {
      return Map.of();
    }
    Map<ShardId, RegisteredShard> restored = new TreeMap<>();
    registry.edit(
        registered -> {
          lost.stream()
              .filter(shard -> hasPlace(shard, registered))
              .forEach(shard -> restored.put(shard.id(), shard));
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
                    state.topics().shards()));
    return restored;
  }

  private List<RegisteredShard> lost(
      Collection<ShardSource> unregistered, Collection<RegisteredShard> known) {
    if (unregistered.isEmpty()) {
      return List.of();
    }
    try (PositionReader positions = PositionReader.open(state.kafka())) {
      Map<ShardId, Integer> holders = holders(positions, known);
      return unregistered.stream()
          .flatMap(
              source ->
                  Optional.ofNullable(holders.get(source.id())).stream()
                      .map(place -> RegisteredShard.active(source.id(), place, source.shards())))
          .filter(shard -> isUsable(positions, shard))
          .toList();
    }
  }

  /** The unregistered shards that have a position, with its partition. */
  private Map<ShardId, Integer> holders(
      PositionReader positions, Collection<RegisteredShard> known) {
    return positions.holders(
        state.topics().positions(),
        known.stream().map(RegisteredShard::partition).collect(Collectors.toSet()));
  }

  /** A position that a former owner stored after the removal of its shard has no history. */
  private boolean isUsable(PositionReader positions, RegisteredShard shard) {
    return positions
        .read(state.slot(shard))
        .filter(stored -> state.isFilled(stored.position().history()))
        .isPresent();
  }

  /** Partitions that hold positions of unregistered shards: new shards must not take them. */
  Set<Integer> heldPartitions(Collection<RegisteredShard> known) {
    try (PositionReader positions = PositionReader.open(state.kafka())) {
      return Set.copyOf(holders(positions, known).values());
    }
  }

  private static boolean hasPlace(
      RegisteredShard source, Map<ShardId, RegisteredShard> registered) {
    return registered.values().stream()
        .noneMatch(
            other -> other.id().equals(source.id()) || other.partition() == source.partition());
  }
}
