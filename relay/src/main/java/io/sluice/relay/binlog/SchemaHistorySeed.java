package io.sluice.relay.binlog;

import io.debezium.config.Configuration;
import io.debezium.relational.history.HistoryRecordComparator;
import io.debezium.relational.history.SchemaHistoryException;
import io.debezium.relational.history.SchemaHistoryListener;
import io.debezium.relational.history.TableChanges;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.schema.TableDefinitions;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Writes the first entry of a schema history: the names of the tables' columns at the first
 * position. Without it the engine would begin with the names when it first starts. If a table was
 * altered in between, the engine would misread older rows.
 */
public final class SchemaHistorySeed {

  private SchemaHistorySeed() {}

  /** Appends the names, and returns after Kafka has acknowledged them. */
  public static void write(
      ShardSource source,
      KafkaSettings kafka,
      String historyTopic,
      Map<String, Object> offset,
      Map<ShardTable, List<String>> columns) {
    Configuration settings =
        Configuration.from(EngineProperties.history(source, kafka, historyTopic));
    KafkaSchemaHistory history = new KafkaSchemaHistory();
    history.configure(settings, HistoryRecordComparator.INSTANCE, SchemaHistoryListener.NOOP, true);
    history.start();
    try {
      columns.forEach(
          (table, names) ->
              history.record(
                  Map.of("server", EngineProperties.sourceName(source)),
                  offset,
                  table.database(),
                  null,
                  null, // the other entries have a statement
                  new TableChanges().create(TableDefinitions.named(table, names)),
                  Instant.now()));
    } catch (SchemaHistoryException e) {
      throw new TransientException(
          "the first entry of %s could not be written: %s".formatted(historyTopic, e.getMessage()),
          e);
    } finally {
      history.stop();
    }
  }
}
