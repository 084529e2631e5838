package io.sluice.relay.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that is open in a partition and unknown to its coordinator, so that nobody will end
 * it: consumers of committed records stand still before it.
 *
 * @param partition it is open in
 * @param producerId that began it
 * @param producerEpoch that began it
 * @param coordinatorEpoch that a marker for it has to bear
 * @param startOffset of its first record
 */
record HangingTransaction(
    TopicPartition partition,
    long producerId,
    short producerEpoch,
    int coordinatorEpoch,
    long startOffset) {

  @Override
  public String toString() {
    return "the transaction of producer id %d that is open in %s from offset %d on"
        .formatted(producerId, partition, startOffset);
  }
}
