package io.sluice.handlers.internal.consume;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Checks that the topic exists, because a consumer of a missing topic just waits. Runs before the
 * subscription, and at intervals while no partition is assigned.
 */
final class TopicCheck {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final DomainStream stream;
  private final Consumer<byte[], byte[]> consumer;
  private final InstantSource clock;
  private Instant next = Instant.MIN;

  TopicCheck(DomainStream stream, Consumer<byte[], byte[]> consumer, InstantSource clock) {
    this.stream = stream;
    this.consumer = consumer;
    this.clock = clock;
  }

  /**
   * Checks, if it is time to.
   *
   * @throws MissingTopicException if the topic does not exist
   * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
   */
  void run() {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    if (consumer.partitionsFor(stream.topic(), TIMEOUT).isEmpty()) {
      throw new MissingTopicException(stream);
    }
    next = now.plus(INTERVAL);
  }
}
