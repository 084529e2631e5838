package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.Provisioned.Failed;
import io.sluice.relay.admin.Provisioned.Ready;
import io.sluice.relay.binlog.EngineRehearsal;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.record.TopicCatalog;
import io.sluice.relay.recovery.Bootstrap;
import io.sluice.relay.recovery.Bootstrap.NewPosition;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StateStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers shards and stores the positions from which they are relayed. Registers many at a time,
 * because each edit of the registry fences all other editors. Used by one thread.
 */
public final class ShardProvisioner {

  private static final Logger LOG = LoggerFactory.getLogger(ShardProvisioner.class);
  private static final String NEW = "new";

  /** Number of shards that are prepared at the same time. */
  private static final int AT_A_TIME = 8;

  private final StateStore state;
  private final TopicCatalog topics;
  private final Bootstrap bootstrap;
  private final RegistryEditor registry;
  private final RegistryRestorer restorer;

  /** Prepared shards of attempts that failed before, or perhaps after, their registration. */
  private final Map<ShardSource, NewPosition> waiting = new ConcurrentHashMap<>();

  public ShardProvisioner(
      StateStore state, TopicCatalog topics, Bootstrap bootstrap, RegistryEditor registry) {
    this.state = state;
    this.topics = topics;
    this.bootstrap = bootstrap;
    this.registry = registry;
    this.restorer = new RegistryRestorer(state, registry);
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
              unknown.stream().filter(source -> !known.containsKey(source.id())).toList(),
              known,
              outcomes);
      if (!prepared.isEmpty()) {
        Set<Integer> held = restorer.heldPartitions(known.values());
        registry.edit(registered -> registration(prepared, earlier, registered, held, outcomes));
        waiting.keySet().removeAll(prepared.keySet());
      }
      Map<ShardId, RegisteredShard> now = registry.read();
      sources.forEach(
          source -> outcomes.computeIfAbsent(source.id(), id -> outcome(source, now.get(id))));
      return outcomes;
    } catch (KafkaException e) {
      throw new TransientException("shards could not be provisioned: " + e.getMessage(), e);
    }
  }

  /** Prepares several at a time, because a server that does not answer takes long to fail. */
  private Map<ShardSource, NewPosition> prepare(
      List<ShardSource> fresh,
      Map<ShardId, RegisteredShard> known,
      Map<ShardId, Provisioned> outcomes) {
    Map<ShardSource, Future<NewPosition>> running = new LinkedHashMap<>();
    Map<ShardSource, NewPosition> prepared = new LinkedHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      fresh.forEach(source -> running.put(source, threads.submit(() -> prepare(source, known))));
      for (Map.Entry<ShardSource, Future<NewPosition>> attempt : running.entrySet()) {
        try {
          prepared.put(attempt.getKey(), attempt.getValue().get());
        } catch (ExecutionException e) {
          outcomes.put(attempt.getKey().id(), new Failed(reason(e.getCause())));
        }
      }
      return prepared;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static RelayException reason(@Nullable Throwable failure) {
    return failure instanceof RelayException known
        ? known
        : new TransientException(String.valueOf(failure), failure);
  }

  /** Reuses what a failed attempt has prepared, because each preparation creates a topic. */
  private NewPosition prepare(ShardSource source, Map<ShardId, RegisteredShard> known) {
    // Before anything is created, because callers retry without end.
    refuseSharedShards(source, known);
    NewPosition made = waiting.get(source);
    if (made != null) {
      return made;
    }
    ShardSource named = ShardCheck.run(source, bootstrap.delivery());
    EngineRehearsal.atEnd(named);
    NewPosition start = bootstrap.at(named, Optional.empty(), NEW);
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
    int partition = RegisteredShard.freePartition(registered.values(), held);
    RegisteredShard entry = RegisteredShard.active(source.id(), partition, source.shards());
    registered.put(source.id(), entry);
    topics.growTo(partition + 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(registry.record(entry));
    records.addAll(start.records(state.slot(entry)));
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

  private Provisioned outcome(ShardSource source, @Nullable RegisteredShard entry) {
    try {
      if (entry == null) {
        throw new TransientException(
            "shard '%s' was removed while it was provisioned".formatted(source.id()), null);
      }
      entry.requireShardsOf(source);
      return new Ready(state.slot(entry));
    } catch (RelayException e) {
      return new Failed(e);
    }
  }
}
