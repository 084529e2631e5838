package io.sluice.relay.transaction;

import io.sluice.relay.failure.TransientException;
import io.sluice.relay.kafka.KafkaSettings;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds and ends hanging transactions, by the rule of KIP-664: open in a partition, and of no
 * transaction that a coordinator knows to be in that partition. Thread-safe.
 */
final class HangingTransactions {

  private final KafkaSettings kafka;

  HangingTransactions(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * What hangs in any partition of these topics. A transaction that ends at this moment may be
   * among them: only what is found again later is certain.
   *
   * @throws TransientException if Kafka does not tell
   */
  Set<HangingTransaction> find(Collection<String> topics) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      Set<HangingTransaction> open = open(admin, topics);
      if (open.isEmpty()) {
        return Set.of();
      }
      Map<Long, Set<TopicPartition>> known = known(admin, open);
      return open.stream()
          .filter(one -> !known.getOrDefault(one.producerId(), Set.of()).contains(one.partition()))
          .collect(Collectors.toSet());
    }
  }

  private static Set<HangingTransaction> open(Admin admin, Collection<String> topics) {
    Set<String> present = new HashSet<>(topics);
    present.retainAll(await(admin.listTopics().names()));
    List<TopicPartition> partitions =
        await(admin.describeTopics(present).allTopicNames()).values().stream()
            .flatMap(HangingTransactions::partitions)
            .toList();
    Map<TopicPartition, PartitionProducerState> states =
        await(admin.describeProducers(partitions).all());
    return states.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .map(producer -> open(entry.getKey(), producer)))
        .collect(Collectors.toSet());
  }

  private static Stream<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()));
  }

  private static HangingTransaction open(TopicPartition partition, ProducerState producer) {
    return new HangingTransaction(
        partition,
        producer.producerId(),
        (short) producer.producerEpoch(),
        // Not set while the producer has ended no transaction in this partition.
        producer.coordinatorEpoch().orElse(0),
        producer.currentTransactionStartOffset().orElseThrow());
  }

  /** Where coordinators know transactions of these producers to be. */
  private static Map<Long, Set<TopicPartition>> known(Admin admin, Set<HangingTransaction> open) {
    Set<Long> producers =
        open.stream().map(HangingTransaction::producerId).collect(Collectors.toSet());
    List<String> ids =
        await(
                admin
                    .listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                    .all())
            .stream()
            .map(TransactionListing::transactionalId)
            .toList();
    return await(admin.describeTransactions(ids).all()).values().stream()
        .collect(
            Collectors.toMap(
                TransactionDescription::producerId,
                TransactionDescription::topicPartitions,
                (one, other) ->
                    Stream.concat(one.stream(), other.stream()).collect(Collectors.toSet())));
  }

  /**
   * Ends one: its records become unreadable for consumers of committed records.
   *
   * @throws TransientException if Kafka does not
   */
  void abort(HangingTransaction hanging) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      await(
          admin
              .abortTransaction(
                  new AbortTransactionSpec(
                      hanging.partition(),
                      hanging.producerId(),
                      hanging.producerEpoch(),
                      hanging.coordinatorEpoch()))
              .all());
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      // The client gives up sooner by itself.
      return future.get(2 * KafkaSettings.ADMIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new TransientException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new TransientException("Kafka did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while Kafka was asked", e);
    }
  }
}
