package io.sluice.relay.provision;

import io.sluice.outbox.ShardId;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.RegisteredSource;
import io.sluice.relay.ledger.ShardRegistry;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.shard.ShardSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sources ready to be relayed, once: registers them, with the position from which they are
 * published. Thread-safe.
 */
public final class ShardProvisioner {

  private static final Logger LOG = LoggerFactory.getLogger(ShardProvisioner.class);
  private static final String NEW = "new";

  private final InternalTopics internal;
  private final CommonTopics topics;
  private final NewBeginning beginnings;
  private final RegistryEditor registry;

  public ShardProvisioner(
      InternalTopics internal,
      CommonTopics topics,
      NewBeginning beginnings,
      RegistryEditor registry) {
    this.internal = internal;
    this.topics = topics;
    this.beginnings = beginnings;
    this.registry = registry;
  }

  /**
   * Where the source's state is; provisions it first if it is new.
   *
   * @throws OperatorNeededException if it is registered with other shards
   */
  public PositionSlot provision(ShardSource source) {
    try {
      topics.ensure();
      Optional<RegisteredSource> known = Optional.ofNullable(registry.read().get(source.id()));
      known.ifPresent(registered -> requireSameShards(source, registered));
      if (known.isEmpty()) {
        register(source);
      }
      return internal.slot(source.id(), partition(source));
    } catch (KafkaException e) {
      throw new TransientException(
          "shard '%s' could not be looked up or provisioned: %s"
              .formatted(source.id(), e.getMessage()),
          e);
    }
  }

  private int partition(ShardSource source) {
    return Optional.ofNullable(registry.read().get(source.id()))
        .map(RegisteredSource::partition)
        .orElseThrow(
            () ->
                new TransientException(
                    "shard '%s' was removed while it was provisioned".formatted(source.id()),
                    null));
  }

  /** The shards of a source share its position, so none can join or leave it by itself. */
  public static void requireSameShards(ShardSource source, RegisteredSource registered) {
    List<ShardId> configured = source.shards().stream().sorted().toList();
    if (!configured.equals(registered.shards().stream().sorted().toList())) {
      throw new OperatorNeededException(
          "source '%s' is configured with shards %s and registered with %s"
              .formatted(source.id(), configured, registered.shards()),
          "give a new set of shards a new source id, and drain the old one"
              + " (sluice-relay shards drain %s)".formatted(source.id()));
    }
  }

  private void register(ShardSource source) {
    // Before the registry is touched: a server that is away must not hold up other editors.
    NewBeginning.Beginning beginning = beginnings.at(source, Optional.empty(), NEW);
    registry.edit(registered -> registration(source, beginning, registered));
    LOG.info(
        "shard '{}': provisioned at {}; events written from now on are relayed{}",
        source.id(),
        beginning.position(),
        beginning.gaps().isEmpty() ? "" : ", and earlier ones that are PENDING or RETRY are swept");
  }

  private List<ProducerRecord<byte[], byte[]>> registration(
      ShardSource source,
      NewBeginning.Beginning beginning,
      Map<ShardId, RegisteredSource> registered) {
    if (registered.containsKey(source.id())) {
      beginnings.forget(beginning.position().history());
      return List.of();
    }
    refuseSharedShards(source, registered);
    int partition = ShardRegistry.freePartition(registered);
    topics.growTo(partition + 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(registry.record(RegisteredSource.active(source.id(), partition, source.shards())));
    records.addAll(beginning.records(internal.slot(source.id(), partition)));
    return records;
  }

  private static void refuseSharedShards(
      ShardSource source, Map<ShardId, RegisteredSource> registered) {
    registered
        .values()
        .forEach(
            other -> {
              if (other.shards().stream().anyMatch(source.shards()::contains)) {
                throw new OperatorNeededException(
                    "shards %s of source '%s' are in part those of source '%s', %s: both would publish them"
                        .formatted(source.shards(), source.id(), other.id(), other.shards()),
                    "drain and remove '%s' first".formatted(other.id()));
              }
            });
  }
}
