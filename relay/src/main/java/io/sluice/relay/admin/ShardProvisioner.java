package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.Provisioned.Failed;
import io.sluice.relay.admin.Provisioned.Ready;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.recovery.Bootstrap;
import io.sluice.relay.recovery.Bootstrap.NewPosition;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers shards and stores the positions from which they are relayed. Registers many at a time,
 * because each edit of the registry fences all other editors. Thread-safe.
 */
public final class ShardProvisioner {

  private static final Logger LOG = LoggerFactory.getLogger(ShardProvisioner.class);
  private static final String NEW = "new";

  private final InternalTopics internal;
  private final TopicCatalog topics;
  private final Bootstrap bootstrap;
  private final RegistryEditor registry;
  private final RegistryRestorer restorer;

  /** Prepared shards of attempts that failed before, or perhaps after, their registration. */
  private final Map<ShardSource, NewPosition> waiting = new ConcurrentHashMap<>();

  public ShardProvisioner(
      InternalTopics internal,
      TopicCatalog topics,
      Bootstrap bootstrap,
      RegistryEditor registry,
      RegistryRestorer restorer) {
    this.internal = internal;
    this.topics = topics;
    this.bootstrap = bootstrap;
    this.registry = registry;
    this.restorer = restorer;
  }

  /**
   * Provisions the shards that are new. One that fails does not affect the others.
   *
   * @return the outcome for each shard
   * @throws TransientException if a request to Kafka fails
   */
  public Map<ShardId, Provisioned> provision(Collection<ShardSource> sources) {
    try {
      topics.ensure();
      Map<ShardId, RegisteredShard> known = registry.read();
      Map<ShardId, Provisioned> outcomes = new TreeMap<>();
      List<ShardSource> unknown =
          sources.stream().filter(source -> !known.containsKey(source.id())).toList();
      known.putAll(restorer.restore(unknown, known.values()));
      waiting.keySet().removeIf(source -> known.containsKey(source.id()));
      Set<ShardSource> earlier = Set.copyOf(waiting.keySet());
      Map<ShardSource, NewPosition> prepared =
          prepare(
              unknown.stream()
                  .filter(source -> !known.containsKey(source.id()))
                  .filter(source -> isFree(source, known, outcomes))
                  .toList(),
              outcomes);
      if (!prepared.isEmpty()) {
        Set<Integer> held = restorer.heldPartitions(known.values());
        registry.edit(registered -> registration(prepared, earlier, registered, held, outcomes));
        waiting.keySet().removeAll(prepared.keySet());
      }
      Map<ShardId, RegisteredShard> now = registry.read();
      sources.forEach(source -> outcomes.computeIfAbsent(source.id(), id -> look(source, now)));
      return outcomes;
    } catch (KafkaException e) {
      throw new TransientException("shards could not be provisioned: " + e.getMessage(), e);
    }
  }

  /** Checked before anything is created: callers retry without end. */
  private static boolean isFree(
      ShardSource source, Map<ShardId, RegisteredShard> known, Map<ShardId, Provisioned> outcomes) {
    try {
      refuseSharedShards(source, known);
      return true;
    } catch (OperatorNeededException e) {
      outcomes.put(source.id(), new Failed(e));
      return false;
    }
  }

  /** Prepares several at a time, because a server that does not answer takes long to fail. */
  private Map<ShardSource, NewPosition> prepare(
      List<ShardSource> fresh, Map<ShardId, Provisioned> outcomes) {
    Map<ShardSource, NewPosition> prepared = new LinkedHashMap<>();
    InParallel.of(fresh, this::prepare)
        .forEach(
            (source, result) -> {
              if (result instanceof InParallel.Success<NewPosition> made) {
                prepared.put(source, made.value());
              } else if (result instanceof InParallel.Failure<NewPosition> failed) {
                outcomes.put(source.id(), new Failed(failed.reason()));
              }
            });
    return prepared;
  }

  /** Reuses what a failed attempt has prepared, because each preparation creates a topic. */
  private NewPosition prepare(ShardSource source) {
    NewPosition made = waiting.get(source);
    if (made != null) {
      return made;
    }
    ShardCheck.run(source, bootstrap.delivery());
    NewPosition start = bootstrap.at(source, Optional.empty(), NEW);
    waiting.put(source, start);
    return start;
  }

  private List<ProducerRecord<byte[], byte[]>> registration(
      Map<ShardSource, NewPosition> prepared,
      Set<ShardSource> earlier,
      Map<ShardId, RegisteredShard> registered,
      Set<Integer> held,
      Map<ShardId, Provisioned> outcomes) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    // At once for all shards: each change refreshes the metadata of every client.
    topics.growTo(registered.size() + prepared.size());
    prepared.forEach(
        (source, start) -> {
          if (registered.containsKey(source.id())) {
            // Registered by another relay, unless by an earlier attempt of this one.
            if (!earlier.contains(source)) {
              forget(source, start);
            }
            return;
          }
          try {
            records.addAll(register(source, start, registered, held));
          } catch (RelayException e) {
            forget(source, start);
            outcomes.put(source.id(), new Failed(e));
          }
        });
    return records;
  }

  private void forget(ShardSource source, NewPosition start) {
    waiting.remove(source);
    bootstrap.forget(start.position().history());
  }

  private List<ProducerRecord<byte[], byte[]>> register(
      ShardSource source,
      NewPosition start,
      Map<ShardId, RegisteredShard> registered,
      Set<Integer> held) {
    refuseSharedShards(source, registered);
    int partition = ShardRegistry.freePartition(registered, held);
    RegisteredShard entry = RegisteredShard.active(source.id(), partition, source.shards());
    registered.put(source.id(), entry);
    topics.growTo(partition + 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(registry.record(entry));
    records.addAll(start.records(internal.slot(source.id(), partition)));
    LOG.info(
        "shard '{}': to be relayed from {}; events written from now on are relayed{}",
        source.id(),
        start.position(),
        start.gaps().isEmpty() ? "" : ", and earlier PENDING or RETRY rows are reconciled");
    return records;
  }

  private static void refuseSharedShards(
      ShardSource source, Map<ShardId, RegisteredShard> registered) {
    for (RegisteredShard other : registered.values()) {
      if (other.shards().stream().anyMatch(source.shards()::contains)) {
        throw new OperatorNeededException(
            "shards %s of '%s' overlap with those of '%s', %s: both would publish them"
                .formatted(source.shards(), source.id(), other.id(), other.shards()),
            "drain and remove '%s' first".formatted(other.id()));
      }
    }
  }

  private Provisioned look(ShardSource source, Map<ShardId, RegisteredShard> registered) {
    RegisteredShard entry = registered.get(source.id());
    if (entry == null) {
      return new Failed(
          new TransientException(
              "shard '%s' was removed while it was provisioned".formatted(source.id()), null));
    }
    try {
      entry.requireShardsOf(source);
    } catch (OperatorNeededException e) {
      return new Failed(e);
    }
    return new Ready(internal.slot(source.id(), entry.partition()));
  }
}
