package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.Pace;
import io.sluice.relay.publish.TransactionalPublisher;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StateStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Changes the registry. An edit fences all other editors of the group when it begins, so what it
 * reads is still true when it writes. Thread-safe.
 */
public final class RegistryEditor {

  private static final int MAX_BYTES = 1 << 20;

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final StateStore state;

  public RegistryEditor(KafkaSettings kafka, InternalTopics internal) {
    this.kafka = kafka;
    this.internal = internal;
    this.state = new StateStore(kafka, internal);
  }

  /** Reads the registry without an edit. */
  public Map<ShardId, RegisteredShard> read() {
    return state.registered();
  }

  /**
   * Reads the registry and publishes the records made from it in one transaction.
   *
   * @param change makes the records; none to change nothing
   * @throws org.apache.kafka.common.KafkaException if the records are not certain to be published,
   *     as after another editor has fenced this one
   */
  public void edit(
      Function<Map<ShardId, RegisteredShard>, List<ProducerRecord<byte[], byte[]>>> change) {
    try (TransactionalPublisher publisher =
        TransactionalPublisher.open(
            kafka, internal.provisioningTransactionalId(), MAX_BYTES, new Pace())) {
      List<ProducerRecord<byte[], byte[]>> records = change.apply(state.registered());
      if (!records.isEmpty()) {
        publisher.publish(List.of(), records);
      }
    }
  }

  /** Replaces the registration of a shard if it is still as expected. */
  public void replace(
      ShardId id, Predicate<RegisteredShard> expected, UnaryOperator<RegisteredShard> change) {
    edit(
        present ->
            Optional.ofNullable(present.get(id))
                .filter(expected)
                .map(now -> List.of(record(change.apply(now))))
                .orElse(List.of()));
  }

  /** A record for {@link #edit} that registers a shard or changes its registration. */
  public ProducerRecord<byte[], byte[]> record(RegisteredShard source) {
    return state.registration(source);
  }

  /** A record for {@link #edit} that removes a registration. */
  public ProducerRecord<byte[], byte[]> removal(ShardId source) {
    return state.registrationRemoval(source);
  }
}
