package io.sluice.handlers.internal.consume;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects problems that a consumer does not report: a missing topic, and records that the brokers
 * deleted before they were handled. Owned by the consumer's thread.
 */
final class TopicCheck {

  private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);

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

  /** The topic of a domain does not exist. The check is repeated until it does. */
  static final class MissingTopicException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MissingTopicException(DomainStream stream) {
      super(
          "topic '%s' of domain %s does not exist on the brokers: let the relay provision it, or correct"
                  .formatted(stream.topic(), stream.domain())
              + " the topic template");
    }
  }

  /**
   * Checks that the topic exists, if a check is due: before the subscription, and periodically
   * while no partition is assigned.
   *
   * @throws MissingTopicException if the topic does not exist
   * @throws KafkaException if the brokers do not answer
   */
  void requireTopic() {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    if (consumer.partitionsFor(stream.topic(), TIMEOUT).isEmpty()) {
      throw new MissingTopicException(stream);
    }
    next = now.plus(INTERVAL);
  }

  /**
   * Logs records of newly assigned partitions that retention deleted before the group handled them.
   */
  void logDeletedRecords(Collection<TopicPartition> partitions) {
    Set<TopicPartition> all = new HashSet<>(partitions);
    compare(
        all,
        () ->
            consumer.committed(all, TIMEOUT).entrySet().stream()
                .filter(stored -> stored.getValue() != null)
                .collect(toMap(Map.Entry::getKey, stored -> stored.getValue().offset())));
  }

  /**
   * Logs records that were deleted while their partitions were paused. The consumer skips them
   * silently, except those that it has fetched already.
   */
  void logRecordsDeletedDuringPause(Set<TopicPartition> paused) {
    compare(
        paused,
        () ->
            paused.stream().collect(toMap(each -> each, each -> consumer.position(each, TIMEOUT))));
  }

  private void compare(
      Set<TopicPartition> partitions, Supplier<Map<TopicPartition, Long>> nextOffsets) {
    try {
      WakeablePoll.despiteWakeUp(
          () -> {
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions, TIMEOUT);
            nextOffsets
                .get()
                .forEach((partition, next) -> compare(partition, next, first.get(partition)));
          });
    } catch (KafkaException e) {
      LOG.debug("the first offsets of {} are not known", partitions, e);
    }
  }

  private void compare(TopicPartition partition, long next, @Nullable Long first) {
    if (first != null && next < first) {
      LOG.error(
          "{}: the brokers have deleted the records from offset {} to {} before handlers of domain"
              + " {} had finished them: events that were not fetched before stay PENDING or RETRY and"
              + " are not handled; set their rows to FAILED and redrive them, and have the topic"
              + " keep records for longer",
          partition,
          next,
          first - 1,
          stream.domain());
    }
  }
}
