package io.sluice.relay.binlog;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.sluice.relay.capture.CapturedBatch;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** Passes a batch through the engine, as the value of a record that is not published. */
final class BatchRecord {

  private static final String TOPIC = "sluice.batch";

  private BatchRecord() {}

  static SourceRecord of(CapturedBatch batch) {
    return new SourceRecord(Map.of(), batch.offset(), TOPIC, null, batch);
  }

  /** A consumer of the engine's records that takes the batches out of them. */
  static ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer(CapturedBatch.Handler handler) {
    return new ChangeConsumer<>() {
      @Override
      public void handleBatch(
          List<RecordChangeEvent<SourceRecord>> records,
          RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
          throws InterruptedException {
        for (RecordChangeEvent<SourceRecord> change : records) {
          handler.handle((CapturedBatch) change.record().value());
        }
      }
    };
  }
}
