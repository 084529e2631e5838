package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;

/**
 * Opens publishers with the configured delivery guarantee.
 *
 * @param kafka connection settings of the brokers
 * @param delivery the delivery guarantee
 * @param maxMessageBytes maximum bytes of a record batch
 */
public record Publishers(KafkaSettings kafka, DeliveryGuarantee delivery, int maxMessageBytes) {

  /**
   * Opens a publisher. With exactly-once delivery, it fences the previous producer with this id.
   *
   * @throws io.sluice.relay.shard.RelayException if Kafka rejects the producer or does not answer
   */
  public Publisher open(String transactionalId) {
    return switch (delivery) {
      case EXACTLY_ONCE -> TransactionalPublisher.open(kafka, transactionalId, maxMessageBytes);
      case AT_LEAST_ONCE -> AcknowledgedPublisher.open(kafka, maxMessageBytes);
    };
  }
}
