package io.sluice.sandbox.server.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Settings of a Kafka broker. The default is a single node in KRaft mode that creates no topic
 * automatically.
 *
 * @param properties further properties with their names in {@code server.properties}, which
 *     override the defaults
 * @param classPath folders and jars with classes that the properties name, such as a policy
 */
public record KafkaSettings(Map<String, String> properties, List<Path> classPath) {
  /** The default broker. */
  public static final KafkaSettings DEFAULT = new KafkaSettings(Map.of());

  public KafkaSettings {
    properties = Map.copyOf(properties);
    classPath = List.copyOf(classPath);
  }

  /** Creates settings that need no further classes. */
  public KafkaSettings(Map<String, String> properties) {
    this(properties, List.of());
  }
}
