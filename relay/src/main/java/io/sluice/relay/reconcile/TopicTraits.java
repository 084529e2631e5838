package io.sluice.relay.reconcile;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.kafka.TopicConfigs;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic's settings say about what is to be found in it.
 *
 * @param retention what it deletes
 * @param hasTimesOfBrokers whether its records bear the time they arrived, and not the one they
 *     were sent with; also if nobody knows
 */
record TopicTraits(Retention retention, boolean hasTimesOfBrokers) {

  /** Of a topic whose settings may not be read. */
  static final TopicTraits UNKNOWN = new TopicTraits(new Retention.Unknown(), true);

  /**
   * Reads the traits of a topic; unknown if the relay may not read its settings.
   *
   * @throws io.sluice.relay.shard.TransientException if Kafka does not answer
   */
  static TopicTraits read(KafkaSettings kafka, String topic) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      return of(TopicConfigs.of(admin, Set.of(topic)).getOrDefault(topic, Optional.empty()));
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

  /** Whether they could be read. */
  boolean isKnown() {
    return !(retention instanceof Retention.Unknown);
  }
}
