package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the relay's producers have in common. */
final class ProducerProperties {

  private static final long LEAST_BUFFER = 32L << 20;

  /**
   * Each wait of the client is bounded, and the longest well below the time the engine waits for a
   * batch when it is stopped.
   */
  private static final Map<String, Object> OWN =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          true,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          10_000L,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          10_000,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          5_000,
          // A commit sends what is left at once, so lingering only delays full batches.
          ProducerConfig.LINGER_MS_CONFIG,
          0L,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class);

  private ProducerProperties() {}

  static Map<String, Object> of(KafkaSettings kafka, int maxRequestSize) {
    Map<String, Object> properties = kafka.with(OWN);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestSize);
    properties.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(LEAST_BUFFER, 2L * maxRequestSize));
    return properties;
  }
}
