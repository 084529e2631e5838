package io.sluice.relay.reconcile;

import java.util.Map;
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

  /** By a topic's settings. */
  static TopicTraits of(Map<String, String> settings) {
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
