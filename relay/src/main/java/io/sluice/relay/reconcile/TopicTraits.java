package io.sluice.relay.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The settings of a topic that determine which records can be found in it.
 *
 * @param retention which records it deletes
 * @param hasTimesOfBrokers whether its records have the time of their arrival and not the time set
 *     by the producer; true if unknown
 */
record TopicTraits(Retention retention, boolean hasTimesOfBrokers) {

  /** Which records a topic deletes. */
  sealed interface Retention {

    /** Any record may be missing: the topic is compacted, or its settings are unknown. */
    record AnyRecord() implements Retention {}

    /** Only records older than this are deleted. */
    record ByTime(Duration time) implements Retention {}

    /** The oldest records are deleted, at a time that cannot be derived. */
    record Oldest() implements Retention {}
  }

  /**
   * The traits according to a topic's settings.
   *
   * @param settings empty if the relay may not read them
   */
  static TopicTraits of(Optional<Map<String, String>> settings) {
    return settings
        .map(
            values ->
                new TopicTraits(
                    retention(values),
                    setting(values, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                        .equals("LogAppendTime")))
        .orElse(new TopicTraits(new Retention.AnyRecord(), true));
  }

  private static Retention retention(Map<String, String> settings) {
    // Of records with the same key, a compacted topic keeps the newest.
    if (setting(settings, TopicConfig.CLEANUP_POLICY_CONFIG)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      return new Retention.AnyRecord();
    }
    long millis = Long.parseLong(setting(settings, TopicConfig.RETENTION_MS_CONFIG));
    boolean isBySize = Long.parseLong(setting(settings, TopicConfig.RETENTION_BYTES_CONFIG)) >= 0;
    // With unlimited retention, missing records were deleted manually, at an unknown time.
    return isBySize || millis < 0
        ? new Retention.Oldest()
        : new Retention.ByTime(Duration.ofMillis(millis));
  }

  private static String setting(Map<String, String> settings, String name) {
    return settings.getOrDefault(name, "-1");
  }
}
