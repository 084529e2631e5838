package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Common settings of the relay's producers. */
final class ProducerProperties {

  private static final long MIN_BUFFER_BYTES = 32L << 20;

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          true,
          ProducerConfig.LINGER_MS_CONFIG,
          0L,
          // What a full publication has for each of 60 partitions: docs/performance.md.
          ProducerConfig.BATCH_SIZE_CONFIG,
          64 << 10,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class);

  private ProducerProperties() {}

  /**
   * The settings of a producer.
   *
   * @param patience time limit of each step of a publication
   */
  static Map<String, Object> of(KafkaSettings kafka, int maxRequestSize, Duration patience) {
    Map<String, Object> properties = kafka.with(DEFAULTS);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis());
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis() / 2);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestSize);
    properties.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(MIN_BUFFER_BYTES, 2L * maxRequestSize));
    return properties;
  }
}
