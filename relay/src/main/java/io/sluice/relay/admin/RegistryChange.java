package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.RegisteredShard;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** Changes the registration of one shard; detects concurrent changes. */
final class RegistryChange {

  private final RelayGroup group;
  private final RegistryEditor registry;

  RegistryChange(RelayGroup group) {
    this.group = group;
    this.registry = new RegistryEditor(group.config().kafka(), group.topics());
  }

  /** Replaces a registration; publishes nothing if that changes nothing. */
  void replace(ShardId id, UnaryOperator<RegisteredShard> change) {
    publish(
        id,
        present -> {
          RegisteredShard changed = change.apply(present);
          return changed.equals(present) ? List.of() : List.of(registry.record(changed));
        });
  }

  ProducerRecord<byte[], byte[]> removal(ShardId id) {
    return registry.removal(id);
  }

  /**
   * Publishes the records made from a registration, in one transaction.
   *
   * @throws TransientException if they are not certain to be published
   */
  void publish(ShardId id, Function<RegisteredShard, List<ProducerRecord<byte[], byte[]>>> change) {
    group.registered(id);
    try {
      registry.edit(present -> change.apply(RelayGroup.required(present, id)));
    } catch (KafkaException e) {
      throw new TransientException(
          "shard '%s': %s: see 'sluice-relay shards list', and try again".formatted(id, reason(e)),
          e);
    }
  }

  private static String reason(KafkaException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProducerFencedException
          || cause instanceof InvalidProducerEpochException) {
        return "the registry of shards was changed at the same moment by another client, so this change was abandoned";
      }
    }
    return "it is not certain that the registry of shards was changed (%s)".formatted(failure);
  }
}
