package io.sluice.handlers.internal.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that the brokers have deleted records, because of their age or size, that the group had not
 * handled: Kafka does not report that. Owned by the consumer's thread.
 */
final class RetentionCheck {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionCheck.class);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final DomainStream stream;
  private final Consumer<byte[], byte[]> consumer;

  RetentionCheck(DomainStream stream, Consumer<byte[], byte[]> consumer) {
    this.stream = stream;
    this.consumer = consumer;
  }

  /** Checks partitions that were just assigned. */
  void look(Collection<TopicPartition> partitions) {
    Set<TopicPartition> all = new HashSet<>(partitions);
    try {
      compareDespiteWakeUp(all);
    } catch (KafkaException e) {
      LOG.debug("the first offsets of {} are not known", partitions, e);
    }
  }

  private void compareDespiteWakeUp(Set<TopicPartition> all) {
    try {
      compareAll(all);
    } catch (WakeupException e) {
      // A worker's late wake-up, of which there is one at most.
      compareAll(all);
    }
  }

  private void compareAll(Set<TopicPartition> all) {
    Map<TopicPartition, Long> kept = consumer.beginningOffsets(all, TIMEOUT);
    consumer
        .committed(all, TIMEOUT)
        .forEach((partition, stored) -> compare(partition, stored, kept.get(partition)));
  }

  private void compare(
      TopicPartition partition, @Nullable OffsetAndMetadata stored, @Nullable Long first) {
    if (stored != null && first != null && stored.offset() < first) {
      LOG.error(
          "{}: the brokers have deleted the records from offset {} to {} before handlers of domain"
              + " {} had finished them: their events stay PENDING or RETRY and are not handled; set"
              + " their rows to FAILED and redrive them, and have the topic keep records for"
              + " longer",
          partition,
          stored.offset(),
          first - 1,
          stream.domain());
    }
  }
}
