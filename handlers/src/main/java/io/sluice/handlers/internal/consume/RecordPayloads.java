package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.deadletter.RecordOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads single records again, whose payloads are no longer in memory, by a consumer without a
 * group. The consumer is created for the first record. Thread-safe.
 */
public final class RecordPayloads implements DeadLetters.PayloadSource {

  private static final Logger LOG = LoggerFactory.getLogger(RecordPayloads.class);

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean closed;

  public RecordPayloads(Supplier<Consumer<byte[], byte[]>> consumers) {
    this.consumers = consumers;
  }

  @Override
  public synchronized Optional<byte[]> read(RecordOrigin record) {
    Consumer<byte[], byte[]> current = current();
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    current.assign(List.of(partition));
    current.seek(partition, record.offset());
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> found : current.poll(POLL)) {
        // A later record is the first one that the brokers still have.
        return found.offset() == record.offset()
            ? Optional.ofNullable(found.value())
            : Optional.empty();
      }
      if (isElsewhere(current, partition, record.offset())) {
        return Optional.empty();
      }
    }
    throw new TimeoutException(
        "record %s at offset %d was not read within %d s"
            .formatted(partition, record.offset(), TIMEOUT.toSeconds()));
  }

  /**
   * Whether the consumer has left the offset without finding a record: only markers of transactions
   * follow, or nothing does and the position was reset.
   */
  private static boolean isElsewhere(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
    try {
      return consumer.position(partition, POLL) != offset;
    } catch (TimeoutException e) {
      LOG.trace("the position in {} is not known yet", partition, e);
      return false;
    }
  }

  private Consumer<byte[], byte[]> current() {
    if (closed) {
      throw new WakeupException();
    }
    Consumer<byte[], byte[]> current = consumer;
    if (current == null) {
      current = consumers.get();
      consumer = current;
    }
    return current;
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
      synchronized (this) {
        KafkaProperties.close(current, Duration.ZERO);
      }
    }
  }
}
