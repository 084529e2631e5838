package io.sluice.relay.supervise;

import io.sluice.relay.check.PositionCheck;
import io.sluice.relay.check.ShardCheck;
import io.sluice.relay.engine.EngineSource;
import io.sluice.relay.engine.ShardEngine;
import io.sluice.relay.forward.Activity;
import io.sluice.relay.forward.BatchForwarder;
import io.sluice.relay.forward.DomainTopics;
import io.sluice.relay.forward.RecordMaker;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.PositionReader;
import io.sluice.relay.provision.ShardProvisioner;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.publish.TransactionalPublisher;
import io.sluice.relay.shard.ShardSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes shards over. The order of the steps is what makes it safe: only after a predecessor can no
 * longer publish is the position read that tells how far it came. Thread-safe.
 */
public final class ShardRunFactory {

  private static final Logger LOG = LoggerFactory.getLogger(ShardRunFactory.class);

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final DomainTopics topics;
  private final ShardProvisioner provisioner;
  private final PositionReader positions;

  public ShardRunFactory(
      KafkaSettings kafka,
      InternalTopics internal,
      DomainTopics topics,
      ShardProvisioner provisioner) {
    this.kafka = kafka;
    this.internal = internal;
    this.topics = topics;
    this.provisioner = provisioner;
    this.positions = new PositionReader(kafka);
  }

  /** Takes the shard over and starts to relay it. */
  ShardRun start(ShardSource source) {
    ShardCheck.run(source);
    PositionSlot slot = provisioner.slotOf(source);
    TransactionalPublisher publisher =
        TransactionalPublisher.open(
            kafka, internal.transactionalId(source.id()), topics.maxMessageBytes());
    try {
      return start(source, slot, publisher);
    } catch (RuntimeException e) {
      publisher.close();
      throw e;
    }
  }

  private ShardRun start(ShardSource source, PositionSlot slot, TransactionalPublisher publisher) {
    RelayPosition position = positions.read(slot);
    PositionCheck.run(source, position);
    LOG.info(
        "shard '{}': relaying {} from {} and {} rows of '{}'",
        source.id(),
        source.address(),
        position.gtidSet(),
        position.rows(),
        position.gtid());
    Activity activity = new Activity();
    BatchForwarder forwarder =
        new BatchForwarder(
            slot, new RecordMaker(source.id(), topics), publisher, position, activity);
    ShardEngine engine =
        ShardEngine.start(
            new EngineSource(source, kafka, internal.schemaHistory(source.id())),
            position.offset(),
            forwarder);
    return new ShardRun(source, engine, publisher, activity);
  }
}
