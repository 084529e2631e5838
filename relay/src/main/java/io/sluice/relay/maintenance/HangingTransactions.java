package io.sluice.relay.maintenance;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.kafka.OpenTransaction;
import io.sluice.relay.shard.TransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/** Finds open transactions that may hang, and ends those of the group's producers. Thread-safe. */
final class HangingTransactions {

  private static final String TRANSACTION_STATE = "__transaction_state";

  private final KafkaSettings kafka;

  HangingTransactions(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * Open transactions.
   *
   * @param own those of the group's producers that their coordinators do not know
   * @param foreign those of all other producers
   */
  record Found(Set<OpenTransaction> own, Set<OpenTransaction> foreign) {}

  /**
   * Finds transactions in all partitions of these topics. One that is ending at this moment may be
   * among them.
   *
   * @param transactionalIds of the group's producers
   * @throws TransientException if Kafka does not answer, or a coordinator is not available
   */
  Found find(Collection<String> topics, Collection<String> transactionalIds) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Set<OpenTransaction> open = OpenTransaction.in(admin, partitions(admin, topics));
      if (open.isEmpty()) {
        return new Found(Set.of(), Set.of());
      }
      requireCoordinators(admin);
      List<TransactionDescription> ours = describe(admin, transactionalIds);
      Set<OpenTransaction> own = new HashSet<>();
      Set<OpenTransaction> foreign = new HashSet<>();
      for (OpenTransaction one : open) {
        List<TransactionDescription> known =
            ours.stream().filter(our -> our.producerId() == one.producerId()).toList();
        if (known.isEmpty()) {
          foreign.add(one);
        } else if (known.stream()
            .noneMatch(our -> our.topicPartitions().contains(one.partition()))) {
          own.add(one);
        }
      }
      return new Found(own, foreign);
    }
  }

  private static List<TopicPartition> partitions(KafkaAdmin admin, Collection<String> topics) {
    Set<String> present = new HashSet<>(topics);
    present.retainAll(
        admin.await("topics could not be listed", client -> client.listTopics().names()));
    return admin
        .await(
            "topics could not be described",
            client -> client.describeTopics(present).allTopicNames())
        .values()
        .stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition())))
        .toList();
  }

  /** A coordinator that is not available may be about to commit a transaction. */
  private static void requireCoordinators(KafkaAdmin admin) {
    boolean isComplete =
        admin
            .await(
                "topic %s could not be described".formatted(TRANSACTION_STATE),
                client -> client.describeTopics(List.of(TRANSACTION_STATE)).allTopicNames())
            .values()
            .stream()
            .flatMap(topic -> topic.partitions().stream())
            .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    if (!isComplete) {
      throw new TransientException("a transaction coordinator is not available", null);
    }
  }

  /** Omits transactional ids that no coordinator knows, because they were never used. */
  private static List<TransactionDescription> describe(KafkaAdmin admin, Collection<String> ids) {
    DescribeTransactionsResult described = admin.send(client -> client.describeTransactions(ids));
    List<TransactionDescription> found = new ArrayList<>();
    for (String id : ids) {
      try {
        found.add(
            KafkaAdmin.await(
                "transactional id %s could not be described".formatted(id),
                described.description(id)));
      } catch (TransientException e) {
        if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
          throw e;
        }
      }
    }
    return found;
  }

  /**
   * Aborts a transaction: consumers of committed records skip its records and read on.
   *
   * @throws TransientException if Kafka refuses
   */
  void abort(OpenTransaction hanging) {
    AbortTransactionSpec abort =
        new AbortTransactionSpec(
            hanging.partition(),
            hanging.producerId(),
            hanging.producerEpoch(),
            hanging.coordinatorEpoch());
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      admin.await("abort failed", client -> client.abortTransaction(abort).all());
    }
  }
}
