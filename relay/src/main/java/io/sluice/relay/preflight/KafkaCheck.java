package io.sluice.relay.preflight;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.TransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.config.TopicConfig;

/** Checks that the brokers support the configured delivery, and the settings of existing topics. */
public final class KafkaCheck {

  private static final String TRANSACTIONS = "transaction.version";

  /** Since this version, a late record of a fenced producer cannot join a transaction. */
  private static final short MIN_TRANSACTIONS = 2;

  private static final int SAFE_REPLICATION = 3;

  private KafkaCheck() {}

  /**
   * Requires brokers that support the delivery guarantee.
   *
   * @throws OperatorNeededException if their transaction version is too low
   * @throws TransientException if they do not answer
   */
  public static void requireDelivery(KafkaSettings kafka, DeliveryGuarantee delivery) {
    if (delivery == DeliveryGuarantee.EXACTLY_ONCE) {
      try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
        transactions(kafka, admin)
            .ifPresent(
                finding -> {
                  throw new OperatorNeededException(finding.problem(), finding.remedy());
                });
      }
    }
  }

  /**
   * Checks the brokers.
   *
   * @param replicationFactor replication factor of new topics
   * @return all findings
   * @throws TransientException if the brokers do not answer
   */
  public static List<Finding> brokers(
      KafkaSettings kafka, DeliveryGuarantee delivery, int replicationFactor) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Optional<Finding> transactions =
          delivery == DeliveryGuarantee.EXACTLY_ONCE
              ? transactions(kafka, admin)
              : Optional.empty();
      int brokers = admin.await(problem(kafka), client -> client.describeCluster().nodes()).size();
      return Stream.of(transactions, replication(replicationFactor, brokers))
          .flatMap(Optional::stream)
          .toList();
    }
  }

  private static Optional<Finding> transactions(KafkaSettings kafka, KafkaAdmin admin) {
    return transactions(
        admin
            .await(problem(kafka), client -> client.describeFeatures().featureMetadata())
            .finalizedFeatures());
  }

  static Optional<Finding> transactions(Map<String, FinalizedVersionRange> features) {
    FinalizedVersionRange range = features.get(TRANSACTIONS);
    int level = range == null ? 0 : range.maxVersionLevel();
    if (level >= MIN_TRANSACTIONS) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.error(
            "the brokers support %s %d, but exactly-once delivery needs %d: below that, a late record of a fenced relay can get into a transaction of its successor"
                .formatted(TRANSACTIONS, level, MIN_TRANSACTIONS),
            "raise it with Kafka's own tool: kafka-features.sh --bootstrap-server … upgrade --feature %s=%d (brokers of version 4.0 or later); or set 'delivery: at-least-once' in the relay"
                .formatted(TRANSACTIONS, MIN_TRANSACTIONS)));
  }

  static Optional<Finding> replication(int factor, int brokers) {
    if (factor > brokers) {
      return Optional.of(
          Finding.error(
              "topics.replication-factor is %d, but there are %d brokers: missing topics cannot be created"
                  .formatted(factor, brokers),
              "start the brokers that are down, or lower topics.replication-factor"));
    }
    if (factor < SAFE_REPLICATION && brokers >= SAFE_REPLICATION) {
      return Optional.of(
          Finding.warning(
              "topics.replication-factor is %d: the loss of %s loses events and positions"
                  .formatted(factor, factor == 1 ? "one broker" : factor + " brokers"),
              "set it to %d before topics are created; for existing topics use kafka-reassign-partitions.sh"
                  .formatted(SAFE_REPLICATION)));
    }
    return Optional.empty();
  }

  private static String problem(KafkaSettings kafka) {
    return "the brokers at %s do not answer correctly".formatted(kafka.bootstrapServers());
  }

  /**
   * Checks topics. Topics that do not exist are ignored.
   *
   * @param events topics that must keep all events and accept batches of {@code maxMessageBytes}
   * @param compacted topics that must be compacted
   * @return all findings
   * @throws TransientException if Kafka does not answer
   */
  public static List<Finding> topics(
      KafkaSettings kafka, Set<String> events, int maxMessageBytes, Set<String> compacted) {
    List<Finding> findings = new ArrayList<>();
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Set<String> existing =
          admin.await("topics could not be listed", client -> client.listTopics().names());
      admin
          .topicSettings(events.stream().filter(existing::contains).toList())
          .forEach(
              (topic, config) ->
                  config
                      .map(known -> eventTopic(topic, known, maxMessageBytes))
                      .orElseGet(() -> unreadable(topic))
                      .ifPresent(findings::add));
      admin
          .topicSettings(compacted.stream().filter(existing::contains).toList())
          .forEach(
              (topic, config) ->
                  config
                      .map(known -> compaction(topic, known))
                      .orElseGet(() -> unreadable(topic))
                      .ifPresent(findings::add));
    }
    return findings;
  }

  private static Optional<Finding> unreadable(String topic) {
    return Optional.of(
        Finding.warning(
            "the relay may not read the settings of topic %s, so they cannot be checked"
                .formatted(topic),
            "allow the relay the operation DescribeConfigs on it"));
  }

  private static Optional<Finding> eventTopic(
      String topic, Map<String, String> config, int maxMessageBytes) {
    String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
    return policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
        ? Optional.of(
            Finding.error(
                "topic %s has the cleanup policy '%s', so of several events of an aggregate Kafka keeps only the last"
                    .formatted(topic, policy),
                "set the topic's cleanup.policy to delete (kafka-configs.sh)"))
        : size(topic, config, maxMessageBytes);
  }

  private static Optional<Finding> size(String topic, Map<String, String> config, int expected) {
    String name = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
    int actual = Integer.parseInt(config.getOrDefault(name, Integer.toString(expected)));
    if (actual >= expected) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.warning(
            "topic %s accepts batches of %d bytes, but topics.max-message-bytes is %d: a larger event is quarantined, or stops its shard (unpublishable: stop)"
                .formatted(topic, actual, expected),
            "set the topic's max.message.bytes to %d (kafka-configs.sh), or lower topics.max-message-bytes"
                .formatted(expected)));
  }

  private static Optional<Finding> compaction(String topic, Map<String, String> config) {
    String policy = config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
    if (policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.error(
            "topic %s has the cleanup policy '%s', so the relay's state is deleted after some time"
                .formatted(topic, policy),
            "set the topic's cleanup.policy to compact (kafka-configs.sh)"));
  }
}
