package io.sluice.handlers.internal.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Commits how far the lanes have come, one request at a time. A commit that fails is covered by the
 * next, since offsets only grow. Owned by the consumer's thread, which also runs the callbacks.
 */
final class OffsetCommitter {

  private final Consumer<byte[], byte[]> consumer;
  private boolean underWay;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  OffsetCommitter(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Sends what can be committed, without waiting for the answer.
   *
   * @throws RuntimeException why an earlier commit was refused, unless that passes by itself
   */
  void commit(Collection<PartitionLane> lanes) {
    RuntimeException refused = failure.getAndSet(null);
    if (refused != null) {
      throw refused;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(lanes);
    if (underWay || offsets.isEmpty()) {
      return;
    }
    underWay = true;
    consumer.commitAsync(
        offsets,
        (sent, exception) -> {
          underWay = false;
          answered(lanes, offsets, exception);
        });
  }

  private void answered(
      Collection<PartitionLane> lanes,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable Exception exception) {
    if (exception == null) {
      remember(lanes, offsets);
    } else if (!passes(exception)) {
      failure.set(new IllegalStateException("offsets were not committed", exception));
    }
  }

  // Either the brokers will answer again, or the partitions are changing hands, which the next
  // poll brings to light.
  private static boolean passes(Exception exception) {
    return exception instanceof RetriableException
        || exception instanceof CommitFailedException
        || exception instanceof RebalanceInProgressException
        || exception instanceof WakeupException;
  }

  /** Commits and waits for the answer, for partitions that are about to be let go. */
  void commitNow(Collection<PartitionLane> lanes, Duration timeout) {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(lanes);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, timeout);
    } catch (WakeupException e) {
      // A worker's late wake-up, of which there is one at most.
      consumer.commitSync(offsets, timeout);
    }
    remember(lanes, offsets);
  }

  private static Map<TopicPartition, OffsetAndMetadata> committable(
      Collection<PartitionLane> lanes) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (PartitionLane lane : lanes) {
      lane.offsets()
          .committable()
          .ifPresent(offset -> offsets.put(lane.partition(), new OffsetAndMetadata(offset)));
    }
    return offsets;
  }

  private static void remember(
      Collection<PartitionLane> lanes, Map<TopicPartition, OffsetAndMetadata> offsets) {
    for (PartitionLane lane : lanes) {
      OffsetAndMetadata sent = offsets.get(lane.partition());
      if (sent != null) {
        lane.offsets().committed(sent.offset());
      }
    }
  }
}
