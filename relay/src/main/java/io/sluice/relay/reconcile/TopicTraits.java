package io.sluice.relay.reconcile;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The settings of a topic that determine which records can be found in it.
 *
 * @param retention which records it deletes
 * @param hasTimesOfBrokers whether its records have the time of their arrival and not the time set
 *     by the producer; true if unknown
 */
record TopicTraits(Retention retention, boolean hasTimesOfBrokers) {

  /** The traits of a topic whose settings the relay may not read. */
  static final TopicTraits UNKNOWN = new TopicTraits(new Retention.Unknown(), true);

  /**
   * Reads the traits of a topic; unknown if the relay may not read its settings.
   *
   * @throws io.sluice.relay.shard.TransientException if Kafka does not answer
   */
  static TopicTraits read(KafkaSettings kafka, String topic) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      return of(admin.topicSettings(Set.of(topic)).getOrDefault(topic, Optional.empty()));
    }
  }

  static TopicTraits of(Optional<Map<String, String>> settings) {
    return settings.map(TopicTraits::of).orElse(UNKNOWN);
  }

  private static TopicTraits of(Map<String, String> settings) {
    return new TopicTraits(
        Retention.of(settings),
        settings
            .getOrDefault(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "")
            .equals("LogAppendTime"));
  }

  /** Whether the settings could be read. */
  boolean isKnown() {
    return !(retention instanceof Retention.Unknown);
  }
}
