package io.sluice.relay.reconcile;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the number of concurrent topic scans of a relay, because all shards scan topics and each
 * scan keeps prefetched records in memory. Thread-safe.
 */
public final class TopicScans {

  private static final Logger LOG = LoggerFactory.getLogger(TopicScans.class);
  private static final int MAX_CONCURRENT = 2;

  private final KafkaSettings kafka;
  private final Duration stallLimit;
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(MAX_CONCURRENT, true);
  private final LookupMemory memory = LookupMemory.ofHeap();

  /**
   * Scans of one relay.
   *
   * @param stallLimit without progress after which a topic counts as unreadable
   */
  public TopicScans(KafkaSettings kafka, Duration stallLimit) {
    this.kafka = kafka;
    this.stallLimit = stallLimit;
  }

  /** The memory of the rows for which topics are scanned. */
  LookupMemory memory() {
    return memory;
  }

  /**
   * Scans the current content of a topic.
   *
   * @throws TransientException if Kafka does not answer, or if the thread is interrupted while it
   *     waits for other scans, for example because its shard is released
   */
  <T> T scan(String topic, Function<TopicScan, T> action) {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted before topic %s was read".formatted(topic), e);
    }
    try (TopicScan scan = TopicScan.open(kafka, topic, retention(topic), stallLimit)) {
      return action.apply(scan);
    } finally {
      free.release();
    }
  }

  private Retention retention(String topic) {
    Optional<Map<String, String>> settings;
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      settings = admin.topicSettings(Set.of(topic)).getOrDefault(topic, Optional.empty());
    }
    if (settings.isPresent()) {
      unknown.remove(topic);
    } else if (unknown.add(topic)) {
      LOG.warn(
          "the relay may not read the settings of topic {}, so its retention is unknown: rows"
              + " missing from it are published only if they are in a gap. Allow the relay the"
              + " operation DescribeConfigs",
          topic);
    }
    return Retention.of(settings);
  }
}
