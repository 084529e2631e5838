package io.sluice.relay.preflight;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.TransientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.FinalizedVersionRange;

/** Checks that the brokers support the configured delivery guarantee. */
public final class BrokerCheck {

  private static final String TRANSACTIONS = "transaction.version";

  /** Since this version, a late record of a fenced producer cannot join a transaction. */
  private static final short MIN_TRANSACTIONS = 2;

  private static final int SAFE_REPLICATION = 3;

  private BrokerCheck() {}

  /**
   * Requires brokers that support the delivery guarantee.
   *
   * @throws OperatorNeededException if their transaction version is too low
   * @throws TransientException if they do not answer
   */
  public static void run(KafkaSettings kafka, Delivery delivery) {
    if (delivery == Delivery.EXACTLY_ONCE) {
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
  public static List<Finding> findings(
      KafkaSettings kafka, Delivery delivery, int replicationFactor) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Optional<Finding> transactions =
          delivery == Delivery.EXACTLY_ONCE ? transactions(kafka, admin) : Optional.empty();
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
}
