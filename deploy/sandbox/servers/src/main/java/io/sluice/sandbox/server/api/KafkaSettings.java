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
 * @param isLongLived whether the broker runs long enough that its JVM should optimize it, which
 *     costs more than it gains in the first minutes; ignored where this module does not start the
 *     JVM
 */
public record KafkaSettings(
    Map<String, String> properties, List<Path> classPath, boolean isLongLived) {
  /** The default broker. */
  public static final KafkaSettings DEFAULT = new KafkaSettings(Map.of());

  /** The default broker, if it runs for many minutes. */
  public static final KafkaSettings LONG_LIVED = new KafkaSettings(Map.of(), List.of(), true);

  public KafkaSettings {
    properties = Map.copyOf(properties);
    classPath = List.copyOf(classPath);
  }

  /** Creates settings of a short-lived broker that needs no further classes. */
  public KafkaSettings(Map<String, String> properties) {
    this(properties, List.of());
  }

  /** Creates settings of a short-lived broker. */
  public KafkaSettings(Map<String, String> properties, List<Path> classPath) {
    this(properties, classPath, false);
  }
}
