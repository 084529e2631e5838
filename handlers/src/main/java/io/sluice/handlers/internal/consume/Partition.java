package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.deadletter.RecordOrigin;
import io.sluice.handlers.internal.process.DeliveredRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A partition that is assigned to this worker. Owned by the consumer's thread. */
final class Partition {

  private final TopicPartition name;
  private final OffsetTracker offsets = new OffsetTracker();
  // Read by other threads, which skip requests for events of revoked partitions.
  private volatile boolean held = true;

  Partition(TopicPartition name) {
    this.name = name;
  }

  TopicPartition name() {
    return name;
  }

  OffsetTracker offsets() {
    return offsets;
  }

  boolean isHeld() {
    return held;
  }

  /** Marks the partition as revoked. */
  void giveUp() {
    held = false;
  }

  /** Adds a record as unfinished. */
  DeliveredRecord take(ConsumerRecord<byte[], byte[]> record) {
    offsets.taken(record.offset());
    return new OwnRecord(this, RecordOrigin.of(record));
  }

  /** Whether the record was delivered by this assignment of the partition. */
  boolean has(DeliveredRecord record) {
    return record instanceof OwnRecord own && own.partition() == this;
  }

  private record OwnRecord(Partition partition, RecordOrigin origin) implements DeliveredRecord {

    @Override
    public boolean isHeld() {
      return partition.isHeld();
    }

    @Override
    public void finished() {
      partition.offsets().finished(origin.offset());
    }
  }
}
