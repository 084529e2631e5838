package io.sluice.relay.ledger;

import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.publish.RelayPosition;
import java.nio.charset.StandardCharsets;
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
   * The newest position.
   *
   * @throws OperatorNeededException if there is none, or it cannot be read
   */
  public RelayPosition read(PositionSlot slot) {
    try (TopicTail tail = TopicTail.open(kafka, slot.topicPartition())) {
      return newest(tail, slot)
          .map(record -> parse(slot, record))
          .orElseThrow(
              () ->
                  new OperatorNeededException(
                      "shard '%s' has no position in %s although it is registered"
                          .formatted(slot.shard(), slot.topicPartition()),
                      "restore the topic, or give the shard a new id and provision it again; events"
                          + " between the lost position and now must then be looked for"));
    }
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> newest(
      TopicTail tail, PositionSlot slot) {
    byte[] key = slot.shard().value().getBytes(StandardCharsets.UTF_8);
    long begin = tail.begin();
    long to = tail.end();
    for (long step = FIRST_STEP; to > begin; step *= 4) {
      long from = Math.max(begin, to - step);
      Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
      tail.read(
          from,
          to,
          record -> {
            if (Arrays.equals(key, record.key()) && record.value() != null) {
              found.clear();
              found.add(record);
            }
          });
      if (!found.isEmpty()) {
        return Optional.of(found.getLast());
      }
      to = from;
    }
    return Optional.empty();
  }

  private static RelayPosition parse(PositionSlot slot, ConsumerRecord<byte[], byte[]> record) {
    try {
      return RelayPosition.fromJson(record.value());
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the position of shard '%s' in %s at offset %d cannot be used: %s"
              .formatted(slot.shard(), slot.topicPartition(), record.offset(), e.getMessage()),
          "run the relay version that wrote it",
          e);
    }
  }
}
