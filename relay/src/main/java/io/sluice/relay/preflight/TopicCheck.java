package io.sluice.relay.preflight;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;

/** Checks the settings of existing topics. */
public final class TopicCheck {

  private TopicCheck() {}

  /**
   * Checks topics. Topics that do not exist are ignored.
   *
   * @param events topics that must accept batches of {@code maxMessageBytes}
   * @param compacted topics that must be compacted
   * @return all findings
   * @throws TransientException if Kafka does not answer
   */
  public static List<Finding> findings(
      KafkaSettings kafka, Set<String> events, int maxMessageBytes, Set<String> compacted) {
    List<Finding> findings = new ArrayList<>();
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Set<String> existing =
          admin.await("topics could not be listed", client -> client.listTopics().names());
      configs(admin, existing, events, findings)
          .forEach((topic, config) -> checkSize(topic, config, maxMessageBytes, findings));
      configs(admin, existing, compacted, findings)
          .forEach((topic, config) -> checkCompaction(topic, config, findings));
    }
    return findings;
  }

  /** Adds a finding for each topic whose settings cannot be read. */
  private static Map<String, Map<String, String>> configs(
      KafkaAdmin admin, Set<String> existing, Set<String> names, List<Finding> findings) {
    Map<String, Map<String, String>> configs = new TreeMap<>();
    admin
        .topicSettings(names.stream().filter(existing::contains).toList())
        .forEach(
            (topic, settings) ->
                settings.ifPresentOrElse(
                    known -> configs.put(topic, known), () -> findings.add(unreadable(topic))));
    return configs;
  }

  private static Finding unreadable(String topic) {
    return Finding.warning(
        "the relay may not read the settings of topic %s, so they cannot be checked"
            .formatted(topic),
        "allow the relay the operation DescribeConfigs on it");
  }

  private static void checkSize(
      String topic, Map<String, String> config, int expected, List<Finding> findings) {
    int present =
        Integer.parseInt(
            config.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(expected)));
    if (present < expected) {
      findings.add(
          Finding.warning(
              "topic %s accepts batches of %d bytes, but topics.max-message-bytes is %d: a larger event is quarantined, or stops its shard (unpublishable: stop)"
                  .formatted(topic, present, expected),
              "set the topic's max.message.bytes to %d (kafka-configs.sh), or lower topics.max-message-bytes"
                  .formatted(expected)));
    }
  }

  private static void checkCompaction(
      String topic, Map<String, String> config, List<Finding> findings) {
    String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
    if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      findings.add(
          Finding.error(
              "topic %s has the cleanup policy '%s', so the relay's state is deleted after some time"
                  .formatted(topic, policy),
              "set the topic's cleanup.policy to compact (kafka-configs.sh)"));
    }
  }
}
