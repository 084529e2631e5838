package io.sluice.relay.state;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.OperatorNeededException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the pending work that previous owners of a shard stored. The result is complete only if the
 * caller's producer has the shard's transactional id. Thread-safe.
 */
final class PendingWorkReader {

  private final KafkaSettings kafka;

  PendingWorkReader(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /** Reads all open work items. */
  PendingWork read(PositionSlot slot) {
    Map<String, WorkItem> open = new LinkedHashMap<>();
    TopicPartition partition = slot.pendingWork();
    try (TopicTail tail = TopicTail.open(kafka)) {
      tail.read(
          partition,
          tail.begin(partition),
          tail.end(partition),
          record -> apply(record, slot, open));
    }
    return new PendingWork(open.values());
  }

  private static void apply(
      ConsumerRecord<byte[], byte[]> record, PositionSlot slot, Map<String, WorkItem> open) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(slot.source() + "/")) {
      return; // of a shard that had this partition before
    }
    open.remove(key);
    if (record.value() != null) {
      open.put(key, parse(record, slot));
    }
  }

  private static WorkItem parse(ConsumerRecord<byte[], byte[]> record, PositionSlot slot) {
    try {
      return WorkItemFormat.fromJson(record.value());
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "a work item of shard '%s' in %s at offset %d cannot be parsed: %s"
              .formatted(slot.source(), slot.pendingWork(), record.offset(), e.getMessage()),
          "run the relay version that wrote it",
          e);
    }
  }
}
