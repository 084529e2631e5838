package io.sluice.relay.ledger;

import io.sluice.relay.failure.TransientException;
import io.sluice.relay.kafka.KafkaSettings;
import java.util.concurrent.Semaphore;

/**
 * Lets a few topics be looked through at a time, the others wait: every shard's sweep reads topics,
 * and each holds in memory what it fetches ahead. One for a relay; thread-safe.
 */
public final class TopicScans {

  private static final int AT_A_TIME = 2;

  private final KafkaSettings kafka;
  private final Semaphore free = new Semaphore(AT_A_TIME, true);

  public TopicScans(KafkaSettings kafka) {
    this.kafka = kafka;
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
      return new TopicPresence(TopicScan.open(kafka, topic), free::release);
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }
}
