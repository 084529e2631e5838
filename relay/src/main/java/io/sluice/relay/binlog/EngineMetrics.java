package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import io.debezium.connector.base.ChangeEventQueueMetrics;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSourceMetrics;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.pipeline.metrics.CapturedTablesSupplier;
import io.debezium.pipeline.source.spi.EventMetadataProvider;

/**
 * The engine's metrics, which it cannot do without. They are not shown, because rows do not pass
 * through them.
 */
final class EngineMetrics extends MySqlStreamingChangeEventSourceMetrics {

  private EngineMetrics(
      MySqlTaskContext context,
      ChangeEventQueueMetrics queue,
      EventMetadataProvider metadata,
      CapturedTablesSupplier tables,
      BinaryLogClient client) {
    super(context, queue, metadata, tables, client);
  }

  /** Creates the metrics and ends the thread that the engine's class has started for them. */
  static EngineMetrics create(
      MySqlTaskContext context,
      ChangeEventQueueMetrics queue,
      EventMetadataProvider metadata,
      CapturedTablesSupplier tables,
      BinaryLogClient client) {
    EngineMetrics metrics = new EngineMetrics(context, queue, metadata, tables, client);
    metrics.unregister();
    return metrics;
  }

  @Override
  public synchronized void register() {
    // Not shown.
  }
}
