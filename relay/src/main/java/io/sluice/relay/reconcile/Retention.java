package io.sluice.relay.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/** Which records a topic deletes. */
sealed interface Retention {

  /** Any record may be missing: the topic is compacted, or its settings are unknown. */
  record AnyRecord() implements Retention {}

  /** Only records older than this are deleted. */
  record ByTime(Duration time) implements Retention {}

  /** The oldest records are deleted, at a time that cannot be derived. */
  record Oldest() implements Retention {}

  /**
   * The retention according to a topic's settings.
   *
   * @param settings empty if the relay may not read them
   */
  static Retention of(Optional<Map<String, String>> settings) {
    return settings.map(Retention::of).orElse(new AnyRecord());
  }

  private static Retention of(Map<String, String> settings) {
    // Of records with the same key, a compacted topic keeps the newest.
    if (setting(settings, TopicConfig.CLEANUP_POLICY_CONFIG)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      return new AnyRecord();
    }
    long millis = Long.parseLong(setting(settings, TopicConfig.RETENTION_MS_CONFIG));
    boolean isBySize = Long.parseLong(setting(settings, TopicConfig.RETENTION_BYTES_CONFIG)) >= 0;
    // With unlimited retention, missing records were deleted manually, at an unknown time.
    return isBySize || millis < 0 ? new Oldest() : new ByTime(Duration.ofMillis(millis));
  }

  private static String setting(Map<String, String> settings, String name) {
    return settings.getOrDefault(name, "-1");
  }
}
