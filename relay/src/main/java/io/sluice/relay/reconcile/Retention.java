package io.sluice.relay.reconcile;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** What a topic deletes by itself. */
sealed interface Retention {

  /** Records that have a successor with the same key, at any time. */
  record Compacted() implements Retention {}

  /** Records older than this, and no others. */
  record ByTime(Duration time) implements Retention {}

  /** The oldest records, for a reason that does not tell which. */
  record Oldest() implements Retention {}

  /** Nobody knows what, for the relay may not read the settings. */
  record Unknown() implements Retention {}

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
}
