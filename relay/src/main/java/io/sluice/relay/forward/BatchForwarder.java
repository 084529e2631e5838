package io.sluice.relay.forward;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.sluice.relay.decode.Decoded;
import io.sluice.relay.decode.RowDecoder;
import io.sluice.relay.failure.RelayException;
import io.sluice.relay.failure.RootCause;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.publish.TransactionalPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Publishes the engine's batches, each with the position behind its last record. The only place
 * that advances a position, and it does so in the Kafka transaction that makes the events visible.
 *
 * <p>Called by one thread, the engine's. Whatever fails ends the engine: the batch that follows a
 * failed one must not be handled.
 */
public final class BatchForwarder implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {

  private final PositionSlot slot;
  private final RowDecoder decoder;
  private final RecordMaker records;
  private final TransactionalPublisher publisher;
  private final TransactionCursor cursor;
  private final Activity activity;
  private boolean failed;

  /**
   * Forwards one engine run.
   *
   * @param slot the shard, and where its positions go
   * @param start the position the engine starts from
   */
  public BatchForwarder(
      PositionSlot slot,
      RecordMaker records,
      TransactionalPublisher publisher,
      RelayPosition start,
      Activity activity) {
    this.slot = slot;
    this.decoder = new RowDecoder(slot.shard());
    this.records = records;
    this.publisher = publisher;
    this.cursor = new TransactionCursor(start);
    this.activity = activity;
  }

  @Override
  public void handleBatch(
      List<RecordChangeEvent<SourceRecord>> batch,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    if (failed) {
      throw new IllegalStateException("the batch before this one failed, so none may follow it");
    }
    failed = true;
    activity.begin();
    try {
      forward(batch);
      failed = false;
    } catch (RelayException e) {
      throw e;
    } catch (RuntimeException e) {
      // Not as it is: the engine goes on after Kafka Connect's retriable exceptions.
      throw new TransientException("a batch could not be published: " + RootCause.of(e), e);
    } finally {
      activity.end(!failed);
    }
  }

  private void forward(List<RecordChangeEvent<SourceRecord>> batch) {
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>(batch.size());
    Map<String, ?> offset = Map.of();
    for (RecordChangeEvent<SourceRecord> change : batch) {
      SourceRecord captured = change.record();
      offset = captured.sourceOffset();
      if (decoder.decode(captured) instanceof Decoded.Row row && cursor.isNew(row.row().gtid())) {
        events.add(records.make(row.row(), cursor.ordinal()));
      }
    }
    cursor.moveTo(offset);
    if (!events.isEmpty() || cursor.isWorthStoring()) {
      publisher.publish(events, slot.record(cursor.position()));
      cursor.stored();
    }
  }
}
