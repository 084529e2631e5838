package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.deadletter.RecordOrigin;
import io.sluice.handlers.internal.flow.EventFlow;
import io.sluice.handlers.internal.flow.Task;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what was polled on its way; what is no event of Sluice is told and passed over. */
final class RecordIntake {

  private static final Logger LOG = LoggerFactory.getLogger(RecordIntake.class);

  private final RecordReader reader;
  private final EventFlow flow;
  private final OutcomeCounters counters;

  RecordIntake(RecordReader reader, EventFlow flow, OutcomeCounters counters) {
    this.reader = reader;
    this.flow = flow;
    this.counters = counters;
  }

  void accept(ConsumerRecords<byte[], byte[]> records, Partitions partitions) {
    for (TopicPartition name : records.partitions()) {
      Partition partition = partitions.get(name);
      records.records(name).forEach(record -> accept(record, partition));
    }
    // Further than the last record where transaction markers follow: they would stay as lag.
    records
        .nextOffsets()
        .forEach(
            (name, next) -> tellGone(name, partitions.get(name).offsets().readUpTo(next.offset())));
  }

  private static void tellGone(TopicPartition name, long gone) {
    if (gone > 0) {
      LOG.error(
          "{} record(s) of {} that were put off, since they could not go on, have been deleted by the"
              + " brokers meanwhile: their events stay PENDING or RETRY and are not handled; set"
              + " their rows to FAILED and redrive them, and have the topic keep records for longer",
          gone,
          name);
    }
  }

  private void accept(ConsumerRecord<byte[], byte[]> record, Partition partition) {
    if (!partition.offsets().wants(record.offset())) {
      return;
    }
    ReadRecord read = reader.read(record);
    if (read instanceof ReadRecord.Event event) {
      flow.add(
          new Task(
              event.event(),
              RecordOrigin.of(record),
              partition.take(record.offset()),
              event.redrives()));
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
