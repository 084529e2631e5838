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
 * Topics that could not be looked at lately. Their rows wait; those of other topics do not wait for
 * them. Of one thread alone.
 */
final class TopicTroubles {

  private static final Logger LOG = LoggerFactory.getLogger(TopicTroubles.class);

  private final ShardId shard;
  private final Duration retry;
  private final Map<String, Trouble> troubles = new HashMap<>();

  private record Trouble(String kind, long leftAloneUntil) {}

  TopicTroubles(ShardId shard, Duration retry) {
    this.shard = shard;
    this.retry = retry;
  }

  /**
   * What a look at the topic gives; empty if it fails, or failed just now.
   *
   * @throws RuntimeException if the thread is interrupted, as when its shard is let go of
   */
  <T> Optional<T> look(String topic, Supplier<T> look) {
    Trouble known = troubles.get(topic);
    if (known != null && System.nanoTime() - known.leftAloneUntil() < 0) {
      return Optional.empty();
    }
    try {
      T seen = look.get();
      if (troubles.remove(topic) != null) {
        LOG.info("shard '{}': topic {} can be looked at again", shard, topic);
      }
      return Optional.of(seen);
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

  /** By kind, for a message may name a moment. */
  private void note(String topic, @Nullable Trouble known, RuntimeException failure) {
    String kind = failure.getClass() + " " + RootCause.of(failure).getClass();
    troubles.put(topic, new Trouble(kind, System.nanoTime() + retry.toNanos()));
    if (known == null || !known.kind().equals(kind)) {
      LOG.warn(
          "shard '{}': rows of topic {} wait, it cannot be looked at: {}",
          shard,
          topic,
          failure.getMessage());
    }
  }
}
