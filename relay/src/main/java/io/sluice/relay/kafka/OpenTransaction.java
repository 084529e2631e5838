package io.sluice.relay.kafka;

import io.sluice.relay.shard.TransientException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that is open in a partition: consumers of committed records stop before it.
 *
 * @param partition in which it is open
 * @param producerId of the producer that began it
 * @param producerEpoch of the producer that began it
 * @param coordinatorEpoch that an abort marker for it must have
 * @param startOffset of its first record
 */
public record OpenTransaction(
    TopicPartition partition,
    long producerId,
    short producerEpoch,
    int coordinatorEpoch,
    long startOffset) {

  /**
   * All open transactions of these partitions.
   *
   * @throws TransientException if Kafka does not answer
   */
  public static Set<OpenTransaction> in(KafkaAdmin admin, Collection<TopicPartition> partitions) {
    Map<TopicPartition, PartitionProducerState> states =
        admin.await(
            "producers could not be described",
            (Admin client) -> client.describeProducers(partitions).all());
    return states.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .map(producer -> open(entry.getKey(), producer)))
        .collect(Collectors.toSet());
  }

  private static OpenTransaction open(TopicPartition partition, ProducerState producer) {
    return new OpenTransaction(
        partition,
        producer.producerId(),
        (short) producer.producerEpoch(),
        // Not set while the producer has ended no transaction in this partition.
        producer.coordinatorEpoch().orElse(0),
        producer.currentTransactionStartOffset().orElseThrow());
  }

  /** The open transactions of a partition and the commands that end them, for an operator. */
  public static String describe(KafkaSettings kafka, TopicPartition partition) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Set<OpenTransaction> open = in(admin, List.of(partition));
      return open.isEmpty()
          ? "no transaction is open in it"
          : open.stream().map(OpenTransaction::toInstruction).collect(Collectors.joining("; "));
    } catch (TransientException e) {
      return "Kafka does not say which transaction is open in it (" + e.getMessage() + ")";
    }
  }

  private String toInstruction() {
    return ("a transaction of producer id %d is open from offset %d on; if that lasts, see"
            + " 'kafka-transactions.sh find-hanging', and abort it with '%s'")
        .formatted(producerId, startOffset, abortCommand());
  }

  /** The command by which an operator ends this transaction. */
  public String abortCommand() {
    return "kafka-transactions.sh abort --topic %s --partition %d --start-offset %d"
        .formatted(partition.topic(), partition.partition(), startOffset);
  }

  @Override
  public String toString() {
    return "the transaction of producer id %d that is open in %s from offset %d on"
        .formatted(producerId, partition, startOffset);
  }
}
