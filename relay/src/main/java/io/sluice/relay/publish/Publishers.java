package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;

/**
 * Opens publishers of the configured kind.
 *
 * @param kafka how to reach the brokers
 * @param delivery what is promised
 * @param maxMessageBytes of the largest record batch
 */
public record Publishers(KafkaSettings kafka, Delivery delivery, int maxMessageBytes) {

  /**
   * Opens one; with exactly-once delivery, whoever published under this id before is fenced off.
   *
   * @throws io.sluice.relay.shard.RelayException if Kafka does not let it
   */
  public Publisher open(String transactionalId) {
    return switch (delivery) {
      case EXACTLY_ONCE -> TransactionalPublisher.open(kafka, transactionalId, maxMessageBytes);
      case AT_LEAST_ONCE -> AcknowledgedPublisher.open(kafka, maxMessageBytes);
    };
  }
}
