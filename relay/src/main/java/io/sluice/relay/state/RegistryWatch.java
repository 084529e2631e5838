package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.PeriodicTask;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the registry in a separate thread from {@link #start} to {@link #close}. Other threads
 * may read the copy.
 */
public final class RegistryWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

  private final KafkaSettings kafka;
  private final TopicPartition topic;
  private final Duration interval;
  private final Runnable onChange;
  private final CountDownLatch read = new CountDownLatch(1);
  private final PeriodicTask loop = new PeriodicTask("sluice-registry", this::runOnce);
  private volatile Map<ShardId, RegisteredShard> known = Map.of();

  // Accessed by the loop's thread only, until it has ended.
  private @Nullable TopicTail tail;
  private long next;
  private boolean healthy = true;

  /**
   * Creates a watch without starting it.
   *
   * @param interval time between two reads
   * @param onChange is called by the watch's thread after each change
   */
  public RegistryWatch(
      KafkaSettings kafka, InternalTopics topics, Duration interval, Runnable onChange) {
    this.kafka = kafka;
    this.topic = new TopicPartition(topics.shards(), 0);
    this.interval = interval;
    this.onChange = onChange;
  }

  public void start() {
    loop.start();
  }

  /**
   * Waits until the registry has been read for the first time. Before that the copy is empty, and
   * registered shards would be provisioned as new ones.
   *
   * @throws InterruptedException if the thread is interrupted, as when the relay ends
   */
  public void awaitRead() throws InterruptedException {
    read.await();
  }

  /** Returns all registered shards. */
  public Map<ShardId, RegisteredShard> all() {
    return known;
  }

  /** Returns the entry of a shard. */
  public Optional<RegisteredShard> of(ShardId shard) {
    return Optional.ofNullable(known.get(shard));
  }

  private Duration runOnce() {
    try {
      readNew();
      noteHealth(true, "");
    } catch (RuntimeException e) {
      noteHealth(false, String.valueOf(e.getMessage()));
      closeTail();
    }
    return interval;
  }

  private void readNew() {
    if (tail != null && tail.end(topic) < next) {
      closeTail(); // the topic was deleted and created again
    }
    Map<ShardId, RegisteredShard> now = new TreeMap<>();
    if (tail == null) {
      tail = TopicTail.open(kafka);
      next = tail.begin(topic);
    } else {
      now.putAll(known);
    }
    long end = tail.end(topic);
    tail.read(topic, next, end, record -> StateStore.apply(record, now));
    next = end;
    if (!now.equals(known)) {
      known = Collections.unmodifiableMap(now);
      onChange.run();
    }
    read.countDown();
  }

  private void closeTail() {
    TopicTail closing = tail;
    tail = null;
    if (closing != null) {
      closing.close();
    }
  }

  private void noteHealth(boolean now, String problem) {
    if (healthy && !now && !loop.isStopping()) {
      LOG.warn(
          "the registry of shards cannot be read, so changes to it have no effect: {}", problem);
    }
    if (!healthy && now) {
      LOG.info("the registry of shards can be read again");
    }
    healthy = now;
  }

  /** Ends the watch within a few seconds. */
  @Override
  public void close() {
    loop.close();
    if (loop.awaitEnd(Duration.ZERO)) {
      closeTail();
    }
  }
}
