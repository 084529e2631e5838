package io.sluice.relay.kafka;

import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * Finds and ends transactions that are open in a partition though no coordinator knows of one
 * there. Thread-safe.
 */
final class HangingTransactions {

  private static final String TRANSACTION_STATE = "__transaction_state";
  private static final String MAX_TIMEOUT = "transaction.max.timeout.ms";

  private final KafkaSettings kafka;

  HangingTransactions(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * What was found.
   *
   * @param own whose producers are our own, and in no transaction that includes the partition, by
   *     their coordinators' word
   * @param foreign of producers nobody told us of, which does not mean that nobody knows them
   * @param longest a transaction may last, by the brokers' settings; its coordinator ends it then
   */
  record Found(Set<HangingTransaction> own, Set<HangingTransaction> foreign, Duration longest) {

    static final Found NOTHING = new Found(Set.of(), Set.of(), Duration.ZERO);
  }

  /**
   * What may hang in any partition of these topics. A transaction that ends at this moment may be
   * among them: only what is found again is certain.
   *
   * @param transactionalIds our own
   * @throws TransientException if Kafka does not tell, or not all coordinators are there
   */
  Found find(Collection<String> topics, Collection<String> transactionalIds) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      Set<HangingTransaction> open = open(admin, topics);
      if (open.isEmpty()) {
        return Found.NOTHING;
      }
      requireCoordinators(admin);
      List<TransactionDescription> ours = describe(admin, transactionalIds);
      Set<Long> listed = listed(admin, open);
      Set<HangingTransaction> own = filter(open, one -> isOf(ours, one) && !isIncluded(ours, one));
      Set<HangingTransaction> foreign =
          filter(open, one -> !isOf(ours, one) && !listed.contains(one.producerId()));
      return foreign.isEmpty()
          ? new Found(own, foreign, Duration.ZERO)
          : withForeign(admin, own, foreign);
    }
  }

  /** Those of others can be judged only by one who may read the brokers' settings. */
  private static Found withForeign(
      Admin admin, Set<HangingTransaction> own, Set<HangingTransaction> foreign) {
    try {
      return new Found(own, foreign, longest(admin));
    } catch (TransientException e) {
      if (own.isEmpty()) {
        throw e;
      }
      return new Found(own, Set.of(), Duration.ZERO);
    }
  }

  private static Set<HangingTransaction> filter(
      Set<HangingTransaction> all, Predicate<HangingTransaction> wanted) {
    return all.stream().filter(wanted).collect(Collectors.toSet());
  }

  private static boolean isOf(List<TransactionDescription> ours, HangingTransaction open) {
    return ours.stream().anyMatch(known -> known.producerId() == open.producerId());
  }

  private static boolean isIncluded(List<TransactionDescription> ours, HangingTransaction open) {
    return ours.stream()
        .filter(known -> known.producerId() == open.producerId())
        .anyMatch(known -> known.topicPartitions().contains(open.partition()));
  }

  /** One that is away may know what we take for forgotten, and be about to commit it. */
  private static void requireCoordinators(Admin admin) {
    boolean isComplete =
        await(admin.describeTopics(List.of(TRANSACTION_STATE)).allTopicNames()).values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    if (!isComplete) {
      throw new TransientException("not all coordinators of transactions are there", null);
    }
  }

  /** One that never was in a transaction is not known. */
  private static List<TransactionDescription> describe(Admin admin, Collection<String> ids) {
    DescribeTransactionsResult described = admin.describeTransactions(ids);
    List<TransactionDescription> found = new ArrayList<>();
    for (String id : ids) {
      try {
        found.add(await(described.description(id)));
      } catch (TransientException e) {
        if (!(RootCause.of(e) instanceof TransactionalIdNotFoundException)) {
          throw e;
        }
      }
    }
    return found;
  }

  /** Producers that coordinators have a transaction of; only those we may know of. */
  private static Set<Long> listed(Admin admin, Set<HangingTransaction> open) {
    Set<Long> producers =
        open.stream().map(HangingTransaction::producerId).collect(Collectors.toSet());
    return await(
            admin
                .listTransactions(
                    new ListTransactionsOptions()
                        .filterProducerIds(producers)
                        .filterStates(
                            Set.of(
                                TransactionState.ONGOING,
                                TransactionState.PREPARE_COMMIT,
                                TransactionState.PREPARE_ABORT)))
                .all())
        .stream()
        .map(TransactionListing::producerId)
        .collect(Collectors.toSet());
  }

  private static Duration longest(Admin admin) {
    List<ConfigResource> brokers =
        await(admin.describeCluster().nodes()).stream()
            .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
            .toList();
    long longest =
        await(admin.describeConfigs(brokers).all()).values().stream()
            .mapToLong(config -> Long.parseLong(config.get(MAX_TIMEOUT).value()))
            .max()
            .orElseThrow();
    return Duration.ofMillis(longest);
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

  private static <T> T await(KafkaFuture<T> asked) {
    try {
      return KafkaAnswers.await(asked);
    } catch (ExecutionException e) {
      throw new TransientException(String.valueOf(e.getCause()), e);
    }
  }
}
