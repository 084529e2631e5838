package io.sluice.relay.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Kafka client properties that apply to every client of the relay: servers, security, timeouts.
 *
 * @param properties at least {@code bootstrap.servers}
 */
public record KafkaSettings(Map<String, String> properties) {

  /** The longest that one order to the cluster takes. */
  public static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(20);

  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  public KafkaSettings {
    properties = Map.copyOf(properties);
  }

  /** These properties and the given ones, which win. */
  public Map<String, Object> with(Map<String, ?> others) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putAll(others);
    return all;
  }

  /**
   * These, for a client that asks and orders. What it does ends within {@link #ADMIN_TIMEOUT}, and
   * one request sooner, so that a broker that is away is told from one that is slow.
   */
  public Map<String, Object> forAdmin() {
    return with(
        Map.of(
            "default.api.timeout.ms",
            (int) ADMIN_TIMEOUT.toMillis(),
            "request.timeout.ms",
            (int) ADMIN_TIMEOUT.toMillis() / 2));
  }

  /** Puts every property under a prefix, for clients that a library makes itself. */
  public void addTo(Properties target, String prefix) {
    properties.forEach((name, value) -> target.setProperty(prefix + name, value));
  }

  public String bootstrapServers() {
    return properties.getOrDefault(BOOTSTRAP_SERVERS, "");
  }

  /** Names only: values may be secret. */
  @Override
  public String toString() {
    return "KafkaSettings" + new TreeMap<>(properties).keySet();
  }
}
