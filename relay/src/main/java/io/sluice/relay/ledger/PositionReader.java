package io.sluice.relay.ledger;

import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.publish.RelayPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads a shard's newest position from Kafka. To be called by whoever holds the shard's
 * transactional id, for nobody else can be sure that it stays the newest. Thread-safe.
 */
public final class PositionReader {

  /** Records looked at first, from the end backwards; the newest is nearly always among them. */
  private static final long FIRST_STEP = 64;

  private final KafkaSettings kafka;

  public PositionReader(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * The newest position, with the time it was stored; none if the topic has lost it.
   *
   * @throws OperatorNeededException if it cannot be read
   */
  public Optional<StoredPosition> read(PositionSlot slot) {
    try (TopicTail tail = TopicTail.open(kafka, slot.positions())) {
      return newest(tail, slot).map(record -> parse(slot, record));
    }
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> newest(
      TopicTail tail, PositionSlot slot) {
    byte[] key = slot.source().value().getBytes(StandardCharsets.UTF_8);
    long begin = tail.begin();
    long to = tail.end();
    for (long step = FIRST_STEP; to > begin; step *= 4) {
      long from = Math.max(begin, to - step);
      Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
      tail.read(
          from,
          to,
          record -> {
            if (Arrays.equals(key, record.key())) {
              found.clear();
              found.add(record);
            }
          });
      if (!found.isEmpty()) {
        // A source that was removed has no position, whatever it had before.
        return Optional.of(found.getLast()).filter(record -> record.value() != null);
      }
      to = from;
    }
    return Optional.empty();
  }

  private static StoredPosition parse(PositionSlot slot, ConsumerRecord<byte[], byte[]> record) {
    try {
      return new StoredPosition(
          RelayPosition.fromJson(record.value()), Instant.ofEpochMilli(record.timestamp()));
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the position of shard '%s' in %s at offset %d cannot be used: %s"
              .formatted(slot.source(), slot.positions(), record.offset(), e.getMessage()),
          "run the relay version that wrote it",
          e);
    }
  }
}
