package io.sluice.relay.reconcile;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Which records a topic's settings delete. */
sealed interface Retention {

  /** Records with a successor of the same key may be deleted at any time. */
  record Compacted() implements Retention {}

  /** Only records older than this are deleted. */
  record ByTime(Duration time) implements Retention {}

  /** The oldest records are deleted, at a time that cannot be derived. */
  record Oldest() implements Retention {}

  /** Unknown, because the relay may not read the settings. */
  record Unknown() implements Retention {}

  /** The retention according to a topic's settings. */
  static Retention of(Map<String, String> settings) {
    if (setting(settings, TopicConfig.CLEANUP_POLICY_CONFIG)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      return new Compacted();
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
