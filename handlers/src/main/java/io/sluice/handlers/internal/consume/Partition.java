package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.deadletter.RecordOrigin;
import io.sluice.handlers.internal.process.DeliveredRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A partition while this worker holds it. Owned by the consumer's thread. */
final class Partition {

  private final TopicPartition name;
  private final OffsetTracker offsets = new OffsetTracker();
  // Read by other threads too: what is asked for an event of a lost partition need not be answered.
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

  /** It belongs to another worker from now on. */
  void giveUp() {
    held = false;
  }

  /** A record is to be worked on. */
  DeliveredRecord take(ConsumerRecord<byte[], byte[]> record) {
    offsets.taken(record.offset());
    return new OwnRecord(this, RecordOrigin.of(record));
  }

  /** Whether a record of this partition was delivered. */
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
