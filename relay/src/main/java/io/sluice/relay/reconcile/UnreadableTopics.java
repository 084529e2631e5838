package io.sluice.relay.reconcile;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics that could not be read recently. Their rows are retried later, without delaying rows of
 * other topics. Used by one thread.
 */
final class UnreadableTopics {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableTopics.class);

  private final ShardId shard;
  private final Duration retry;
  private final Map<String, Failure> failures = new HashMap<>();

  private record Failure(String kind, long retryAt) {}

  UnreadableTopics(ShardId shard, Duration retry) {
    this.shard = shard;
    this.retry = retry;
  }

  /**
   * Reads a topic.
   *
   * @return empty if reading fails, or failed recently
   * @throws RuntimeException if the thread is interrupted, for example because its shard is
   *     released
   */
  <T> Optional<T> read(String topic, Supplier<T> read) {
    Failure known = failures.get(topic);
    if (known != null && System.nanoTime() - known.retryAt() < 0) {
      return Optional.empty();
    }
    try {
      T content = read.get();
      if (failures.remove(topic) != null) {
        LOG.info("shard '{}': topic {} can be read again", shard, topic);
      }
      return Optional.of(content);
    } catch (InterruptException e) {
      throw e;
    } catch (RelayException | KafkaException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      note(topic, known, e);
      return Optional.empty();
    }
  }

  /** Compares kinds of failures, because messages may contain times. */
  private void note(String topic, @Nullable Failure known, RuntimeException failure) {
    String kind = failure.getClass() + " " + RootCause.of(failure).getClass();
    failures.put(topic, new Failure(kind, System.nanoTime() + retry.toNanos()));
    if (known == null || !known.kind().equals(kind)) {
      LOG.warn(
          "shard '{}': rows of topic {} wait because it cannot be read: {}",
          shard,
          topic,
          failure.getMessage());
    }
  }
}
