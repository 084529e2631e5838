package io.sluice.relay.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Properties that apply to all Kafka clients of the relay: servers, security, timeouts.
 *
 * @param properties at least {@code bootstrap.servers}
 */
public record KafkaSettings(Map<String, String> properties) {

  /** The longest that one request of an admin client takes. */
  public static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(20);

  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  public KafkaSettings {
    properties = Map.copyOf(properties);
  }

  /** These properties, overridden by the given ones. */
  public Map<String, Object> with(Map<String, ?> others) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putAll(others);
    return all;
  }

  /**
   * Properties of an admin client. Its calls end within {@link #ADMIN_TIMEOUT}; single requests end
   * sooner, so that a call can go to another broker.
   */
  public Map<String, Object> forAdmin() {
    return with(
        Map.of(
            "default.api.timeout.ms",
            (int) ADMIN_TIMEOUT.toMillis(),
            "request.timeout.ms",
            (int) ADMIN_TIMEOUT.toMillis() / 2));
  }

  /** Adds every property under a prefix, for clients that a library creates. */
  public void addTo(Properties target, String prefix) {
    properties.forEach((name, value) -> target.setProperty(prefix + name, value));
  }

  public String bootstrapServers() {
    return properties.getOrDefault(BOOTSTRAP_SERVERS, "");
  }

  /** Without values, which may be secret. */
  @Override
  public String toString() {
    return "KafkaSettings" + new TreeMap<>(properties).keySet();
  }
}
