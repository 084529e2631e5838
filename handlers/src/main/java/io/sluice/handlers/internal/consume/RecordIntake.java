package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.work.OutcomeCounters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what was polled into the lanes; what is no event of Sluice is told and passed over. */
final class RecordIntake {

  private static final Logger LOG = LoggerFactory.getLogger(RecordIntake.class);

  private final RecordReader reader;
  private final OutcomeCounters counters;

  RecordIntake(RecordReader reader, OutcomeCounters counters) {
    this.reader = reader;
    this.counters = counters;
  }

  void accept(ConsumerRecords<byte[], byte[]> records, PartitionLanes lanes) {
    for (TopicPartition partition : records.partitions()) {
      records.records(partition).forEach(record -> accept(record, lanes.lane(partition)));
    }
    // Further than the last record where transaction markers follow: they would stay as lag.
    records
        .nextOffsets()
        .forEach((partition, next) -> lanes.lane(partition).offsets().readUpTo(next.offset()));
  }

  private void accept(ConsumerRecord<byte[], byte[]> record, PartitionLane lane) {
    ReadRecord read = reader.read(record);
    if (read instanceof ReadRecord.Event event) {
      lane.add(new ReceivedEvent(record.offset(), event.event()));
      return;
    }
    counters.countForeign();
    LOG.warn(
        "record {}-{} at offset {} was not written by a relay, {}: it is skipped; keep other"
            + " producers off this topic",
        record.topic(),
        record.partition(),
        record.offset(),
        ((ReadRecord.Foreign) read).reason());
  }
}
