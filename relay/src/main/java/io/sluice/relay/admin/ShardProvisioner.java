package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.Provisioned.Failed;
import io.sluice.relay.admin.Provisioned.Ready;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.recovery.Bootstrap;
import io.sluice.relay.recovery.Bootstrap.Beginning;
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
 * Makes sources ready to be relayed, once: registers them, with the positions from which they are
 * published. Many at a time, for each registration is a change of the whole group's registry.
 * Thread-safe.
 */
public final class ShardProvisioner {

  private static final Logger LOG = LoggerFactory.getLogger(ShardProvisioner.class);
  private static final String NEW = "new";

  private final InternalTopics internal;
  private final TopicCatalog topics;
  private final Bootstrap beginnings;
  private final RegistryEditor registry;
  private final RegistryRestorer restorer;

  /**
   * Made ready, and not known to be registered: an attempt failed before that, or perhaps after.
   */
  private final Map<ShardSource, Beginning> waiting = new ConcurrentHashMap<>();

  public ShardProvisioner(
      InternalTopics internal,
      TopicCatalog topics,
      Bootstrap beginnings,
      RegistryEditor registry,
      RegistryRestorer restorer) {
    this.internal = internal;
    this.topics = topics;
    this.beginnings = beginnings;
    this.registry = registry;
    this.restorer = restorer;
  }

  /**
   * Provisions those of the sources that are new. One that cannot be does not hinder the others.
   *
   * @throws TransientException if Kafka does not play its part
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
      Map<ShardSource, Beginning> prepared =
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

  /** Before anything is made for it: it may be asked for again and again. */
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

  /** Asks the servers, several at a time: one that is away is waited for long. */
  private Map<ShardSource, Beginning> prepare(
      List<ShardSource> fresh, Map<ShardId, Provisioned> outcomes) {
    Map<ShardSource, Beginning> prepared = new LinkedHashMap<>();
    InParallel.of(fresh, this::prepare)
        .forEach(
            (source, result) -> {
              if (result instanceof InParallel.Made<Beginning> made) {
                prepared.put(source, made.value());
              } else if (result instanceof InParallel.Failed<Beginning> failed) {
                outcomes.put(source.id(), new Failed(failed.reason()));
              }
            });
    return prepared;
  }

  /** Each beginning has a topic of its own, so an attempt takes up what the one before it made. */
  private Beginning prepare(ShardSource source) {
    Beginning made = waiting.get(source);
    if (made != null) {
      return made;
    }
    ShardCheck.run(source, beginnings.delivery());
    Beginning beginning = beginnings.at(source, Optional.empty(), NEW);
    waiting.put(source, beginning);
    return beginning;
  }

  private List<ProducerRecord<byte[], byte[]>> registration(
      Map<ShardSource, Beginning> prepared,
      Set<ShardSource> earlier,
      Map<ShardId, RegisteredShard> registered,
      Set<Integer> held,
      Map<ShardId, Provisioned> outcomes) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    // One growth for all: each is news to every client of the topics.
    topics.growTo(registered.size() + prepared.size());
    prepared.forEach(
        (source, beginning) -> {
          if (registered.containsKey(source.id())) {
            // Somebody else was faster; unless it was an earlier attempt of ours.
            if (!earlier.contains(source)) {
              forget(source, beginning);
            }
            return;
          }
          try {
            records.addAll(register(source, beginning, registered, held));
          } catch (RelayException e) {
            forget(source, beginning);
            outcomes.put(source.id(), new Failed(e));
          }
        });
    return records;
  }

  private void forget(ShardSource source, Beginning beginning) {
    waiting.remove(source);
    beginnings.forget(beginning.position().history());
  }

  private List<ProducerRecord<byte[], byte[]>> register(
      ShardSource source,
      Beginning beginning,
      Map<ShardId, RegisteredShard> registered,
      Set<Integer> held) {
    refuseSharedShards(source, registered);
    int partition = ShardRegistry.freePartition(registered, held);
    RegisteredShard entry = RegisteredShard.active(source.id(), partition, source.shards());
    registered.put(source.id(), entry);
    topics.growTo(partition + 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(registry.record(entry));
    records.addAll(beginning.records(internal.slot(source.id(), partition)));
    LOG.info(
        "shard '{}': to be relayed from {}; events written from now on are relayed{}",
        source.id(),
        beginning.position(),
        beginning.gaps().isEmpty() ? "" : ", and earlier ones that are PENDING or RETRY are swept");
    return records;
  }

  private static void refuseSharedShards(
      ShardSource source, Map<ShardId, RegisteredShard> registered) {
    for (RegisteredShard other : registered.values()) {
      if (other.shards().stream().anyMatch(source.shards()::contains)) {
        throw new OperatorNeededException(
            "shards %s of source '%s' are in part those of source '%s', %s: both would publish them"
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
