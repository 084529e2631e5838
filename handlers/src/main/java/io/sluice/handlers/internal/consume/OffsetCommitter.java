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
 * Commits the offsets of partitions, one request at a time. Offsets only grow, so the next commit
 * covers a failed one. Owned by the consumer's thread, which also runs the callbacks.
 */
final class OffsetCommitter {

  private final Consumer<byte[], byte[]> consumer;
  private boolean underWay;
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  OffsetCommitter(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Commits asynchronously what is committable, unless a commit is in flight.
   *
   * @return whether a commit was sent
   * @throws RuntimeException if an earlier commit failed with an error that retrying does not fix
   */
  boolean commit(Collection<Partition> partitions) {
    RuntimeException refused = failure.getAndSet(null);
    if (refused != null) {
      throw refused;
    }
    if (underWay) {
      return false;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions);
    if (offsets.isEmpty()) {
      return false;
    }
    underWay = true;
    consumer.commitAsync(
        offsets,
        (sent, exception) -> {
          underWay = false;
          answered(partitions, offsets, exception);
        });
    return true;
  }

  /** Whether any offset can be committed. */
  boolean isDue(Collection<Partition> partitions) {
    return partitions.stream().anyMatch(partition -> partition.offsets().committable().isPresent());
  }

  private void answered(
      Collection<Partition> partitions,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      @Nullable Exception exception) {
    if (exception == null) {
      remember(partitions, offsets);
    } else if (!passes(exception)) {
      failure.set(new IllegalStateException("offsets were not committed", exception));
    }
  }

  // Retriable, or a rebalance is in progress, which the next poll handles.
  private static boolean passes(Exception exception) {
    return exception instanceof RetriableException
        || exception instanceof CommitFailedException
        || exception instanceof RebalanceInProgressException
        || exception instanceof WakeupException;
  }

  /** Commits synchronously, for partitions that are about to be revoked. */
  void commitNow(Collection<Partition> partitions, Duration timeout) {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions);
    if (offsets.isEmpty()) {
      return;
    }
    WakeablePoll.despiteWakeUp(() -> consumer.commitSync(offsets, timeout));
    remember(partitions, offsets);
  }

  private static Map<TopicPartition, OffsetAndMetadata> committable(
      Collection<Partition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Partition partition : partitions) {
      partition
          .offsets()
          .committable()
          .ifPresent(offset -> offsets.put(partition.name(), new OffsetAndMetadata(offset)));
    }
    return offsets;
  }

  private static void remember(
      Collection<Partition> partitions, Map<TopicPartition, OffsetAndMetadata> offsets) {
    for (Partition partition : partitions) {
      OffsetAndMetadata sent = offsets.get(partition.name());
      if (sent != null) {
        partition.offsets().committed(sent.offset());
      }
    }
  }
}
