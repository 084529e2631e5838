package io.sluice.relay.binlog;

import io.debezium.relational.history.HistoryRecord;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;

/**
 * The schema history of an engine, which opens its producer for the first statement that alters a
 * table. Most runs read none, and a producer costs a thread and a connection to each broker.
 */
public final class SchemaHistory extends KafkaSchemaHistory {

  private boolean hasStarted;

  @Override
  public synchronized void start() {
    // The first record starts it.
  }

  @Override
  protected void storeRecord(HistoryRecord record) {
    startOnce();
    super.storeRecord(record);
  }

  private synchronized void startOnce() {
    if (!hasStarted) {
      hasStarted = true;
      super.start();
    }
  }
}
