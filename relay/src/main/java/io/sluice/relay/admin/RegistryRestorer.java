package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.TopicContent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers sources again that have a position although nobody knows them: the registry was lost,
 * not they. Taken for new ones they would begin at the present, and what lies between their
 * positions and that would be given up. Thread-safe.
 */
public final class RegistryRestorer {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryRestorer.class);

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final RegistryEditor registry;
  private final TopicContent topics;

  public RegistryRestorer(KafkaSettings kafka, InternalTopics internal, RegistryEditor registry) {
    this.kafka = kafka;
    this.internal = internal;
    this.registry = registry;
    this.topics = new TopicContent(kafka);
  }

  /**
   * Registers those of the sources that have a position; tells which.
   *
   * @param known those that are registered
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
                        + " go on from there; somebody may have deleted topic {}, so see whether all"
                        + " shards are in the phase and at the address they should be",
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

  /** The late word of an owner whose source was removed has no history any more. */
  private boolean isUsable(PositionReader positions, ShardId source, int partition) {
    return positions
        .read(internal.slot(source, partition))
        .filter(stored -> topics.isFilled(stored.position().history()))
        .isPresent();
  }

  /** Partitions with positions whose sources are not known: not for new ones to take. */
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
