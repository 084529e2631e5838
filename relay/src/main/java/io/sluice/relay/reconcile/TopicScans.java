package io.sluice.relay.reconcile;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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

  /**
   * Scans of one relay.
   *
   * @param stallLimit without progress after which a topic counts as unreadable
   */
  public TopicScans(KafkaSettings kafka, Duration stallLimit) {
    this.kafka = kafka;
    this.stallLimit = stallLimit;
  }

  /**
   * Opens a lookup on the current content of a topic. The caller must close it to release its slot.
   *
   * @throws TransientException if the thread is interrupted while it waits, for example because its
   *     shard is released
   */
  public TopicPresence open(String topic) {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted before topic %s was read".formatted(topic), e);
    }
    try {
      TopicTraits traits = TopicTraits.read(kafka, topic);
      logUnknown(topic, traits);
      return new TopicPresence(TopicScan.open(kafka, topic, traits, stallLimit), free::release);
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }

  private void logUnknown(String topic, TopicTraits traits) {
    if (traits.isKnown()) {
      unknown.remove(topic);
    } else if (unknown.add(topic)) {
      LOG.warn(
          "the relay may not read the settings of topic {}, so its retention is unknown: rows"
              + " missing from it are published only if they are in a gap. Allow the relay the"
              + " operation DescribeConfigs",
          topic);
    }
  }
}
