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
 * Keeps a copy of the registry up to date while a relay runs. Has a thread of its own from {@link
 * #start} to {@link #close}; what it knows may be read by any.
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

  // Of the loop's thread, until that has ended.
  private @Nullable TopicTail tail;
  private long next;
  private boolean healthy = true;

  /**
   * Watches a group's registry.
   *
   * @param interval between two reads
   * @param onChange called by the watch's thread after each change
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
   * Waits until the registry has been read for the first time. Before that nothing is known, which
   * must not be taken for "there are no sources": whoever shared them out by it would take all of
   * them away from their owners.
   *
   * @throws InterruptedException if the thread is interrupted, as when the relay ends
   */
  public void awaitRead() throws InterruptedException {
    read.await();
  }

  /** All registered sources. */
  public Map<ShardId, RegisteredShard> all() {
    return known;
  }

  /** What is known of a source. */
  public Optional<RegisteredShard> of(ShardId source) {
    return Optional.ofNullable(known.get(source));
  }

  private Duration runOnce() {
    try {
      readOn();
      noteHealth(true, "");
    } catch (RuntimeException e) {
      noteHealth(false, String.valueOf(e.getMessage()));
      closeTail();
    }
    return interval;
  }

  private void readOn() {
    if (tail != null && tail.end(topic) < next) {
      closeTail(); // it was deleted, and made anew by somebody else
    }
    Map<ShardId, RegisteredShard> now = new TreeMap<>();
    if (tail == null) {
      tail = TopicTail.open(kafka);
      next = tail.begin(topic);
    } else {
      now.putAll(known);
    }
    long end = tail.end(topic);
    tail.read(topic, next, end, record -> ShardRegistry.apply(record, now));
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
      LOG.warn("the registry of shards cannot be read, changes to it are not seen: {}", problem);
    }
    if (!healthy && now) {
      LOG.info("the registry of shards can be read again");
    }
    healthy = now;
  }

  /** Ends the watch within some seconds. */
  @Override
  public void close() {
    loop.close();
    if (!loop.thread().isAlive()) {
      closeTail();
    }
  }
}
