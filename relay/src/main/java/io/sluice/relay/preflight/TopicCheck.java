package io.sluice.relay.preflight;

import static io.sluice.relay.kafka.KafkaAnswers.await;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Whether the topics that exist are as the relay needs them. */
public final class TopicCheck {

  private TopicCheck() {}

  /**
   * What there is to say about topics; about those that do not exist, nothing.
   *
   * @param events topics that are to take batches of so many bytes
   * @param compacted topics that keep the newest record of each key for ever
   * @throws TransientException if Kafka does not answer
   */
  public static List<Finding> findings(
      KafkaSettings kafka, Set<String> events, int maxMessageBytes, Set<String> compacted) {
    return BrokerCheck.ask(
        kafka,
        admin -> {
          List<Finding> findings = new ArrayList<>();
          configs(admin, events)
              .forEach((topic, config) -> checkSize(topic, config, maxMessageBytes, findings));
          configs(admin, compacted)
              .forEach((topic, config) -> checkCompaction(topic, config, findings));
          return findings;
        });
  }

  private static Map<ConfigResource, Config> configs(Admin admin, Set<String> names)
      throws ExecutionException {
    Set<String> existing = new HashSet<>(names);
    existing.retainAll(await(admin.listTopics().names()));
    Collection<ConfigResource> resources =
        existing.stream()
            .sorted()
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
            .toList();
    return await(admin.describeConfigs(resources).all());
  }

  private static void checkSize(
      ConfigResource topic, Config config, int expected, List<Finding> findings) {
    int present = Integer.parseInt(value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
    if (present < expected) {
      findings.add(
          Finding.warning(
              "topic %s takes batches of %d bytes, and topics.max-message-bytes is %d: an event in between is set aside, or stops its shard (unpublishable: stop)"
                  .formatted(topic.name(), present, expected),
              "set the topic's max.message.bytes to %d (kafka-configs.sh), or lower topics.max-message-bytes"
                  .formatted(expected)));
    }
  }

  private static void checkCompaction(ConfigResource topic, Config config, List<Finding> findings) {
    String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
    if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      findings.add(
          Finding.error(
              "topic %s has the cleanup policy '%s', so what the relay remembers gets lost after some time"
                  .formatted(topic.name(), policy),
              "set the topic's cleanup.policy to compact (kafka-configs.sh)"));
    }
  }

  private static String value(Config config, String name) {
    return String.valueOf(config.get(name).value());
  }
}
