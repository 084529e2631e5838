package io.sluice.relay.reconcile;

import static io.sluice.relay.kafka.KafkaAnswers.await;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Reads topics' settings as they are now. Thread-safe. */
final class TopicSettingsReader {

  private final KafkaSettings kafka;

  TopicSettingsReader(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * What they say; unknown if the relay may not read them.
   *
   * @throws TransientException if Kafka does not answer
   */
  TopicTraits read(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      Config config =
          await(admin.describeConfigs(List.of(resource)).all())
              .getOrDefault(resource, new Config(List.of()));
      return TopicTraits.of(values(config));
    } catch (ExecutionException e) {
      return afterFailure(topic, e);
    }
  }

  static TopicTraits afterFailure(String topic, ExecutionException failure) {
    if (failure.getCause() instanceof AuthorizationException) {
      return TopicTraits.UNKNOWN;
    }
    throw unread(topic, failure);
  }

  private static Map<String, String> values(Config config) {
    return config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, entry -> String.valueOf(entry.value())));
  }

  private static TransientException unread(String topic, Exception cause) {
    return new TransientException(
        "settings of topic %s could not be read: %s".formatted(topic, cause), cause);
  }
}
