package io.sluice.relay.binlog;

import io.debezium.relational.history.HistoryRecord;
import io.debezium.relational.history.SchemaHistoryException;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;

/**
 * The schema history of an engine, which opens its producer for the first statement that alters a
 * table. Most runs read none, and a producer costs a thread and a connection to each broker.
 */
public final class SchemaHistory extends KafkaSchemaHistory {

  // Both guarded by this.
  private boolean hasStarted;
  private boolean hasStopped;

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
    if (hasStopped) {
      // A later run may have stored what followed.
      throw new SchemaHistoryException("the schema history is closed");
    }
    if (!hasStarted) {
      hasStarted = true;
      super.start();
    }
  }

  @Override
  public synchronized void stop() {
    hasStopped = true;
    super.stop();
  }
}
