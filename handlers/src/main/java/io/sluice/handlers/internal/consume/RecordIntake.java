package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds polled records to the processor. Logs and skips records that were not written by a relay.
 */
final class RecordIntake {

  private static final Logger LOG = LoggerFactory.getLogger(RecordIntake.class);

  private final RecordReader reader;
  private final EventProcessor processor;

  RecordIntake(RecordReader reader, EventProcessor processor) {
    this.reader = reader;
    this.processor = processor;
  }

  void accept(ConsumerRecords<byte[], byte[]> records, Partitions partitions) {
    for (TopicPartition name : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> theirs = records.records(name);
      Partition partition = partition(name, theirs.get(0).offset(), partitions);
      theirs.forEach(record -> accept(record, partition));
    }
  }

  /** Returns the partition, with its state discarded if the brokers have reassigned its offsets. */
  private Partition partition(TopicPartition name, long first, Partitions partitions) {
    Partition known = partitions.get(name);
    if (!known.offsets().isUnexpected(first)) {
      return known;
    }
    LOG.error(
        "{} has been set back to offset {}: its topic was created again, or its brokers have lost"
            + " records: it is read from there, and what is finished is skipped; events whose"
            + " records were lost stay PENDING or RETRY until the relay's sweep sends them again",
        name,
        first);
    Partition renewed = partitions.renew(known);
    processor.forgetLost();
    return renewed;
  }

  private void accept(ConsumerRecord<byte[], byte[]> record, Partition partition) {
    RecordReader.Result read = reader.read(record);
    if (read instanceof RecordReader.Result.Event event) {
      processor.add(event.event(), partition.take(record));
      return;
    }
    processor.counters().count(Counter.FOREIGN);
    LOG.warn(
        "record {}-{} at offset {} was not written by a relay, {}: it is skipped; keep other"
            + " producers off this topic",
        record.topic(),
        record.partition(),
        record.offset(),
        ((RecordReader.Result.Foreign) read).reason());
  }
}
