package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.TransactionalPublisher;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Changes the registry, one at a time in the whole group: whoever begins fences all others, so what
 * it reads stays true until it writes. Thread-safe.
 */
public final class RegistryEditor {

  private static final int MAX_BYTES = 1 << 20;

  private final KafkaSettings kafka;
  private final InternalTopics internal;
  private final ShardRegistry registry;

  public RegistryEditor(KafkaSettings kafka, InternalTopics internal) {
    this.kafka = kafka;
    this.internal = internal;
    this.registry = new ShardRegistry(kafka, internal);
  }

  /** What is registered, without changing it. */
  public Map<ShardId, RegisteredShard> read() {
    return registry.read();
  }

  /**
   * Reads the registry, and publishes as a whole what is made of it; nothing if that is empty.
   *
   * @throws org.apache.kafka.common.KafkaException if it is not certain to be published, such as
   *     after another has begun to change the registry
   */
  public void edit(
      Function<Map<ShardId, RegisteredShard>, List<ProducerRecord<byte[], byte[]>>> change) {
    try (TransactionalPublisher publisher =
        TransactionalPublisher.open(kafka, internal.provisioningTransactionalId(), MAX_BYTES)) {
      List<ProducerRecord<byte[], byte[]>> records = change.apply(registry.read());
      if (!records.isEmpty()) {
        publisher.publish(List.of(), records);
      }
    }
  }

  /** Replaces what is registered of a source, if that is still as expected. */
  public void replace(
      ShardId id, Predicate<RegisteredShard> expected, UnaryOperator<RegisteredShard> change) {
    edit(
        present ->
            Optional.ofNullable(present.get(id))
                .filter(expected)
                .map(now -> List.of(record(change.apply(now))))
                .orElse(List.of()));
  }

  /** A record for {@link #edit}. */
  public ProducerRecord<byte[], byte[]> record(RegisteredShard source) {
    return registry.record(source);
  }

  /** A record for {@link #edit}. */
  public ProducerRecord<byte[], byte[]> removal(ShardId source) {
    return registry.removal(source);
  }
}
