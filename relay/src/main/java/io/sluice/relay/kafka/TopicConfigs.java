package io.sluice.relay.kafka;

import io.sluice.relay.shard.TransientException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Reads the settings of topics. */
public final class TopicConfigs {

  private TopicConfigs() {}

  /**
   * The settings of existing topics.
   *
   * @return values by setting, by topic; empty for a topic whose settings the relay may not read
   * @throws TransientException if Kafka does not answer
   */
  public static Map<String, Optional<Map<String, String>>> of(
      KafkaAdmin admin, Collection<String> topics) {
    List<ConfigResource> resources =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Optional<Map<String, String>>> settings = new TreeMap<>();
    admin
        .send(client -> client.describeConfigs(resources))
        .values()
        .forEach((topic, answer) -> settings.put(topic.name(), values(topic.name(), answer)));
    return settings;
  }

  private static Optional<Map<String, String>> values(String topic, KafkaFuture<Config> answer) {
    try {
      Config config =
          KafkaAdmin.await("settings of topic %s could not be read".formatted(topic), answer);
      return Optional.of(
          config.entries().stream()
              .filter(entry -> entry.value() != null)
              .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)));
    } catch (TransientException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
