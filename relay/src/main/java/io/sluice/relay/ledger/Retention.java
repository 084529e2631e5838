package io.sluice.relay.ledger;

import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;

/** What a topic deletes by itself. */
sealed interface Retention {

  /** Records that have a successor with the same key, at any time. */
  record Compacted() implements Retention {}

  /** Records older than this, and no others. */
  record ByTime(Duration time) implements Retention {}

  /** The oldest records, for a reason that does not tell which. */
  record Oldest() implements Retention {}

  /** By a topic's settings. */
  static Retention of(Map<String, String> settings) {
    if (setting(settings, TopicConfig.CLEANUP_POLICY_CONFIG)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      return new Compacted();
    }
    long millis = Long.parseLong(setting(settings, TopicConfig.RETENTION_MS_CONFIG));
    boolean isBySize = Long.parseLong(setting(settings, TopicConfig.RETENTION_BYTES_CONFIG)) >= 0;
    // Kept for ever: what is missing was deleted by somebody, nobody knows when.
    return isBySize || millis < 0 ? new Oldest() : new ByTime(Duration.ofMillis(millis));
  }

  private static String setting(Map<String, String> settings, String name) {
    return settings.getOrDefault(name, "-1");
  }

  /**
   * As the topic is set now.
   *
   * @throws OperatorNeededException if the relay may not know
   */
  static Retention of(KafkaSettings kafka, String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      Config config =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get(2 * KafkaSettings.ADMIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
              .getOrDefault(resource, new Config(List.of()));
      return of(values(config));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        throw new OperatorNeededException(
            "the relay may not read the settings of topic %s, so it does not know what it deletes"
                .formatted(topic),
            "allow it the operation DescribeConfigs on its topics",
            e);
      }
      throw unread(topic, e);
    } catch (TimeoutException e) {
      throw unread(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unread(topic, e);
    }
  }

  private static Map<String, String> values(Config config) {
    return config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(
            java.util.stream.Collectors.toMap(
                entry -> entry.name(), entry -> String.valueOf(entry.value())));
  }

  private static TransientException unread(String topic, Exception cause) {
    return new TransientException(
        "settings of topic %s could not be read: %s".formatted(topic, cause), cause);
  }
}
