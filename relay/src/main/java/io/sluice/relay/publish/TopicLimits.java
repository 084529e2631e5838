package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.publish.TopicKeeper.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Reads the maximum batch size of existing topics. */
final class TopicLimits {

  private TopicLimits() {}

  /**
   * Returns the limit of each topic.
   *
   * @param most maximum that the relay sends; the result for topics that accept more, and for
   *     topics whose settings the relay may not read
   */
  static Map<String, Topic> of(KafkaAdmin admin, Collection<String> names, int most) {
    Map<String, Topic> topics = new HashMap<>();
    admin
        .topicSettings(names)
        .forEach(
            (name, settings) ->
                topics.put(
                    name,
                    new Topic.Open(
                        settings
                            .map(known -> known.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                            .map(limit -> Math.min(Integer.parseInt(limit), most))
                            .orElse(most))));
    return topics;
  }
}
