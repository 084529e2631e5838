package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.process.DeliveredRecord;
import io.sluice.handlers.internal.process.EventProcessor;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over revoked partitions: waits for outstanding events for a short time, commits finished
 * ones, and drops the rest, which the next owner receives. The consumer calls this on its thread
 * within a poll.
 */
final class PartitionHandover implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionHandover.class);

  /** The time for cancelled calls to end. */
  private static final Duration END_OF_CALLS = Duration.ofSeconds(1);

  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

  private final Partitions held;
  private final EventProcessor processor;
  private final OffsetCommitter committer;
  private final TopicCheck topicCheck;

  PartitionHandover(
      Partitions held, EventProcessor processor, OffsetCommitter committer, TopicCheck topicCheck) {
    this.held = held;
    this.processor = processor;
    this.committer = committer;
    this.topicCheck = topicCheck;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    partitions.forEach(held::get);
    if (!partitions.isEmpty()) {
      processor.partitionsCame();
      topicCheck.logDeletedRecords(partitions);
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    List<Partition> leaving = held.of(partitions);
    Predicate<DeliveredRecord> theirs =
        record -> leaving.stream().anyMatch(partition -> partition.has(record));
    try {
      // Limited, because this thread starts no work for the other partitions while it waits.
      if (!processor.settle(theirs, processor.timings().handover())) {
        // Cancelled, so that these calls end before the next owner calls the handlers again.
        processor.abandon(theirs);
        processor.settle(theirs, END_OF_CALLS);
      }
      committer.commitNow(leaving, COMMIT_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException e) {
      LOG.warn(
          "offsets of {} were not committed before they went to another worker: {}: it finds their"
              + " events finished and skips them",
          partitions,
          e.toString());
    } finally {
      giveUp(leaving);
    }
  }

  /**
   * Commits nothing, because another worker owns the partitions and may have committed greater
   * offsets.
   */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    giveUp(held.of(partitions));
  }

  private void giveUp(List<Partition> leaving) {
    held.giveUp(leaving);
    processor.forgetLost();
  }
}
