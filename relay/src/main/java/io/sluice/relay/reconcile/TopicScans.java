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
 * Lets a few topics be looked through at a time, the others wait: every shard's sweep reads topics,
 * and each holds in memory what it fetches ahead. One for a relay; thread-safe.
 */
public final class TopicScans {

  private static final Logger LOG = LoggerFactory.getLogger(TopicScans.class);
  private static final int AT_A_TIME = 2;

  private final KafkaSettings kafka;
  private final Duration stallLimit;
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(AT_A_TIME, true);

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
   * Looks at one topic, as it is now; for the caller to close, for only then another's turn comes.
   *
   * @throws TransientException if the thread is interrupted while it waits, as when its shard is
   *     let go of
   */
  public TopicPresence open(String topic) {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted before topic %s was looked at".formatted(topic), e);
    }
    try {
      TopicTraits traits = TopicTraits.read(kafka, topic);
      note(topic, traits);
      return new TopicPresence(TopicScan.open(kafka, topic, traits, stallLimit), free::release);
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }

  private void note(String topic, TopicTraits traits) {
    if (traits.isKnown()) {
      unknown.remove(topic);
    } else if (unknown.add(topic)) {
      LOG.warn(
          "the relay may not read the settings of topic {}, so it does not know what that deletes:"
              + " rows missing from it are published only if they are in a gap. Allow it the"
              + " operation DescribeConfigs",
          topic);
    }
  }
}
