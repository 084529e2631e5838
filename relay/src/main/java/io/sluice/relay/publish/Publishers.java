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
   * @param pace determines its time limits
   * @throws io.sluice.relay.shard.RelayException if Kafka rejects the producer or does not answer
   */
  public Publisher open(String transactionalId, Pace pace) {
    return switch (delivery) {
      case EXACTLY_ONCE ->
          TransactionalPublisher.open(kafka, transactionalId, maxMessageBytes, pace);
      case AT_LEAST_ONCE -> AcknowledgedPublisher.open(kafka, maxMessageBytes, pace.patience());
    };
  }
}
