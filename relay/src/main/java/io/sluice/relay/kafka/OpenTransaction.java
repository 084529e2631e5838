package io.sluice.relay.kafka;

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
