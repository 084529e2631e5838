package io.sluice.sandbox.server.api;

import java.util.Map;

/**
 * Settings of a Kafka broker. The default is a single node in KRaft mode that creates no topic
 * automatically.
 *
 * @param properties further properties with their names in {@code server.properties}, which
 *     override the defaults
 */
public record KafkaSettings(Map<String, String> properties) {
  /** The default broker. */
  public static final KafkaSettings DEFAULT = new KafkaSettings(Map.of());

  public KafkaSettings {
    properties = Map.copyOf(properties);
  }
}
