package io.sluice.relay.kafka;

import static io.sluice.relay.kafka.KafkaAnswers.await;

import io.sluice.relay.shard.TransientException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/** Says which transactions keep a partition from being read to its end, for an operator. */
public final class OpenTransactions {

  private OpenTransactions() {}

  /** The open transactions of a partition, and how to end one that nobody will end. */
  public static String describe(KafkaSettings kafka, TopicPartition partition) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      List<ProducerState> open =
          await(admin.describeProducers(List.of(partition)).partitionResult(partition))
              .activeProducers()
              .stream()
              .filter(producer -> producer.currentTransactionStartOffset().isPresent())
              .toList();
      return open.isEmpty()
          ? "no transaction is open in it"
          : open.stream()
              .map(producer -> describe(partition, producer))
              .collect(Collectors.joining("; "));
    } catch (ExecutionException | TransientException e) {
      return "Kafka does not say which transaction is open in it (" + e + ")";
    }
  }

  private static String describe(TopicPartition partition, ProducerState producer) {
    long offset = producer.currentTransactionStartOffset().orElse(-1);
    return ("a transaction of producer id %d is open from offset %d on; if that lasts, see"
            + " 'kafka-transactions.sh find-hanging', and abort it with 'kafka-transactions.sh abort"
            + " --topic %s --partition %d --start-offset %d'")
        .formatted(producer.producerId(), offset, partition.topic(), partition.partition(), offset);
  }
}
