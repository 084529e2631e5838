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
 * Revokes partitions in good order: outstanding events get a moment to be finished, what is
 * finished is committed, the rest is forgotten and delivered to the next owner. Called by the
 * consumer inside a poll, on its thread.
 */
final class PartitionHandover implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionHandover.class);

  /** The time that calls get to end once they are abandoned. */
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
      // Other partitions get no new work meanwhile, hence not longer.
      if (!processor.settle(theirs, processor.timings().handover())) {
        // The next owner calls the handler again: better one after the other.
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

  /** They belong to another worker already, who may have committed further: nothing to commit. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    giveUp(held.of(partitions));
  }

  private void giveUp(List<Partition> leaving) {
    held.giveUp(leaving);
    processor.forgetLost();
  }
}
