package io.sluice.sandbox.server.api;

import java.util.Map;

/**
 * How a Kafka broker of the sandbox differs from the default one: a single node in KRaft mode that
 * creates no topic by itself.
 *
 * @param properties further broker properties by their names in {@code server.properties}; they win
 */
public record KafkaSettings(Map<String, String> properties) {
  /** The default broker. */
  public static final KafkaSettings DEFAULT = new KafkaSettings(Map.of());

  public KafkaSettings {
    properties = Map.copyOf(properties);
  }
}
