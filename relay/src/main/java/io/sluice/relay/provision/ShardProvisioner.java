package io.sluice.relay.provision;

import io.sluice.outbox.ShardId;
import io.sluice.relay.engine.SchemaHistorySeed;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.forward.DomainTopics;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.ShardRegistry;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.publish.TransactionalPublisher;
import io.sluice.relay.shard.ShardSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a shard ready to be relayed, once: its topics, its schema history, and the position from
 * which it is published. Thread-safe; shards are provisioned one after the other.
 */
public final class ShardProvisioner {

  private static final Logger LOG = LoggerFactory.getLogger(ShardProvisioner.class);
  private static final int MAX_REGISTRATION_BYTES = 1 << 20;

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final TopicSettings settings;
  private final DomainTopics domains;
  private final TopicProvisioner topics;
  private final ShardRegistry registry;
  private final Map<ShardId, PositionSlot> known = new ConcurrentHashMap<>();

  public ShardProvisioner(
      KafkaSettings kafka, InternalTopics internal, TopicSettings settings, DomainTopics domains) {
    this.kafka = kafka;
    this.internal = internal;
    this.settings = settings;
    this.domains = domains;
    this.topics = new TopicProvisioner(kafka, settings.replicationFactor());
    this.registry = new ShardRegistry(kafka, internal);
  }

  /** Where the shard's positions are; provisions it first if it is new. */
  public PositionSlot slotOf(ShardSource source) {
    try {
      createCommonTopics();
      PositionSlot slot = known.get(source.id());
      return slot == null ? lookUp(source) : slot;
    } catch (KafkaException e) {
      throw new TransientException(
          "shard '%s' could not be looked up or provisioned: %s"
              .formatted(source.id(), e.getMessage()),
          e);
    }
  }

  private synchronized PositionSlot lookUp(ShardSource source) {
    known.putAll(registry.read());
    return known.computeIfAbsent(source.id(), id -> provision(source));
  }

  /** Each time, so that a topic deleted under a running relay comes back. */
  private void createCommonTopics() {
    List<NewTopic> common = new ArrayList<>();
    common.add(topics.compactedTopic(internal.shards()));
    common.add(topics.compactedTopic(internal.positions()));
    domains.names().forEach(name -> common.add(topics.domainTopic(name, settings)));
    topics.create(common);
  }

  private PositionSlot provision(ShardSource source) {
    topics.create(List.of(topics.historyTopic(internal.schemaHistory(source.id()))));
    // Opening it fences whoever else provisions, so the registry read next stays as it is.
    try (TransactionalPublisher publisher =
        TransactionalPublisher.open(
            kafka, internal.provisioningTransactionalId(), MAX_REGISTRATION_BYTES)) {
      Map<ShardId, PositionSlot> slots = registry.read();
      PositionSlot slot = slots.get(source.id());
      return slot == null ? register(source, newSlot(source, slots), publisher) : slot;
    }
  }

  private PositionSlot newSlot(ShardSource source, Map<ShardId, PositionSlot> slots) {
    int partition = ShardRegistry.freePartition(slots);
    topics.growTo(internal.positions(), partition + 1);
    return new PositionSlot(source.id(), internal.positions(), partition);
  }

  private PositionSlot register(
      ShardSource source, PositionSlot slot, TransactionalPublisher publisher) {
    FirstPosition first = FirstPosition.capture(source);
    SchemaHistorySeed.write(
        source,
        kafka,
        internal.schemaHistory(source.id()),
        first.position().offset(),
        first.createTable());
    publisher.publish(List.of(registry.record(slot)), slot.record(first.position()));
    report(source, slot, first);
    return slot;
  }

  private static void report(ShardSource source, PositionSlot slot, FirstPosition first) {
    LOG.info(
        "shard '{}': provisioned at {}, positions in {}; events written from now on are relayed",
        source.id(),
        first.position().gtidSet(),
        slot.topicPartition());
    if (first.hasUnpublishedRows()) {
      LOG.warn(
          "shard '{}': its outbox table already holds rows that are PENDING or RETRY; those"
              + " committed before this moment are not relayed",
          source.id());
    }
  }
}
