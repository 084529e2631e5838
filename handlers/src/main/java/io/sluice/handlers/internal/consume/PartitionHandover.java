package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.flow.EventFlow;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets partitions go in good order: events in workers' hands get a moment to be finished, what is
 * finished is committed, the rest is forgotten and delivered to the next owner. Called by the
 * consumer inside a poll, on its thread.
 */
final class PartitionHandover implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionHandover.class);

  /** Other partitions get no new work meanwhile, hence not longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

  private final Partitions held;
  private final EventFlow flow;
  private final OffsetCommitter committer;

  PartitionHandover(Partitions held, EventFlow flow, OffsetCommitter committer) {
    this.held = held;
    this.flow = flow;
    this.committer = committer;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    partitions.forEach(held::get);
    if (!partitions.isEmpty()) {
      flow.partitionsCame();
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    List<Partition> leaving = held.of(partitions);
    try {
      flow.settle(place -> leaving.stream().anyMatch(partition -> partition.has(place)), PATIENCE);
      committer.commitNow(leaving, COMMIT_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException e) {
      LOG.warn(
          "offsets of {} were not committed before they went to another worker: {}: it finds their"
              + " events finished and passes over them",
          partitions,
          e.toString());
    } finally {
      giveUp(leaving);
    }
  }

  /** They are another worker's already, who may have committed further: nothing to commit. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    giveUp(held.of(partitions));
  }

  private void giveUp(List<Partition> leaving) {
    held.giveUp(leaving);
    flow.forgetLost();
  }
}
