package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.recovery.Bootstrap;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.StoredPosition;
import io.sluice.relay.state.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Takes shards out of service and back into service. Running relays follow the registry. Each
 * method returns its outcome as a sentence for an operator.
 */
public final class ShardEditor {

  private final RelayGroup group;
  private final RegistryChange registry;

  /** Edits the shards of this group. */
  public ShardEditor(RelayGroup group) {
    this.group = group;
    this.registry = new RegistryChange(group);
  }

  /** Starts to drain a shard. */
  public String drain(ShardId id) {
    registry.replace(
        id, present -> present.phase() == Phase.DRAINED ? present : present.in(Phase.DRAINING));
    return "shard '%s': draining: what its server has committed by now is still relayed"
        .formatted(id);
  }

  /** Takes a shard back into service, from its stored position. */
  public String resume(ShardId id) {
    registry.replace(id, present -> present.in(Phase.ACTIVE));
    return "shard '%s': relayed again, from where it was left".formatted(id);
  }

  /**
   * Removes a shard, its position and the history of its tables.
   *
   * @param isForced to remove even a shard that is in service or configured
   */
  public String remove(ShardId id, boolean isForced) {
    RegisteredShard registered = group.registered(id);
    if (!isForced) {
      requireOutOfService(registered);
    }
    Optional<StoredPosition> position = group.position(registered);
    registry.publish(
        id,
        present -> {
          if (!isForced) {
            requireOutOfService(present);
          }
          return removal(present);
        });
    fenceOwner(id);
    position.ifPresent(known -> forget(known.position().history()));
    return "shard '%s': removed".formatted(id);
  }

  private void requireOutOfService(RegisteredShard registered) {
    ShardId id = registered.id();
    if (registered.phase() != Phase.DRAINED) {
      throw new OperatorNeededException(
          "shard '%s' is %s, so it may have events that were not relayed"
              .formatted(id, registered.phase()),
          "drain it first (sluice-relay shards drain %s --wait 10m), or abandon them with --force"
              .formatted(id));
    }
    if (group.configured(id).isPresent()) {
      throw new OperatorNeededException(
          "shard '%s' is still configured, so a relay would add it again at once as a new shard"
              .formatted(id),
          "take it out of the configuration of all relays first; or, to start it anew, use"
              + " --force");
    }
  }

  private List<ProducerRecord<byte[], byte[]>> removal(RegisteredShard registered) {
    PositionSlot slot = group.slot(registered);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    records.add(registry.removal(registered.id()));
    records.add(slot.removal());
    group
        .pendingWork(registered)
        .of(WorkItem.class)
        .forEach(open -> records.add(slot.removal(open)));
    return records;
  }

  /** A frozen owner must not store its old position when it resumes. */
  private void fenceOwner(ShardId id) {
    var publishing = group.config().publishing();
    new Publishers(
            group.config().kafka(), publishing.delivery(), publishing.topics().maxMessageBytes())
        .open(group.topics().transactionalId(id))
        .close();
  }

  private void forget(String history) {
    var publishing = group.config().publishing();
    new Bootstrap(
            group.config().kafka(),
            group.topics(),
            publishing.delivery(),
            publishing.topics().replicationFactor())
        .forget(history);
  }
}
