package io.sluice.relay.binlog;

import io.debezium.config.Configuration;
import io.debezium.pipeline.spi.Offsets;
import io.debezium.relational.Table;
import io.debezium.relational.TableId;
import io.debezium.relational.Tables;
import io.debezium.relational.ddl.DdlParser;
import io.debezium.relational.history.HistoryRecordComparator;
import io.debezium.relational.history.SchemaHistory;
import io.debezium.relational.history.SchemaHistoryListener;
import io.debezium.relational.history.TableChanges;
import io.debezium.storage.kafka.history.KafkaSchemaHistory;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores the definitions of a source's outbox tables, and of tables that may replace them, in
 * Kafka. The engine passes every DDL statement to it, including statements that it cannot parse and
 * skips. If a skipped statement changed the columns of an outbox table, the history fails the
 * engine, which would otherwise misread the rows without an error.
 *
 * <p>The engine creates the history from its class name, so the source is prepared under the id of
 * the run. Used by one thread at a time, like {@link KnownTables}.
 */
public final class TableHistory implements SchemaHistory {

  /** Property of the history with the id of the run. */
  static final String RUN_ID = EngineProperties.HISTORY + StartingOffset.RUN_ID;

  private static final Map<String, EngineSource> PREPARED = new ConcurrentHashMap<>();

  private final SchemaHistory kafka = new KafkaSchemaHistory();
  private @Nullable KnownTables known;
  private @Nullable Tables current;
  private BooleanSupplier isOwned = () -> false;

  /** Called by the engine. */
  public TableHistory() {}

  static void prepare(String runId, EngineSource source) {
    PREPARED.put(runId, source);
  }

  static void forget(String runId) {
    PREPARED.remove(runId);
  }

  @Override
  public void configure(
      Configuration config,
      HistoryRecordComparator comparator,
      SchemaHistoryListener listener,
      boolean useCatalogBeforeSchema) {
    String runId = String.valueOf(config.getString(RUN_ID));
    @Nullable EngineSource source = PREPARED.get(runId);
    if (source == null) {
      throw new IllegalStateException("no source was prepared for engine run " + runId);
    }
    isOwned = source.isOwned();
    known = new KnownTables(source.source());
    kafka.configure(config, new UnreadEntries(comparator), listener, useCatalogBeforeSchema);
  }

  @Override
  public void start() {
    kafka.start();
  }

  @Override
  public void recover(Offsets<?, ?> offsets, Tables schema, DdlParser ddlParser)
      throws InterruptedException {
    kafka.recover(offsets, schema, ddlParser);
    current = schema;
    known().begin(schema);
  }

  /** Not used; the engine calls the other method. */
  @Override
  @Deprecated
  public void recover(
      Map<Map<String, ?>, Map<String, ?>> offsets, Tables schema, DdlParser ddlParser) {
    throw new UnsupportedOperationException("the engine calls recover(Offsets, Tables, DdlParser)");
  }

  @Override
  public void record(
      Map<String, ?> source, Map<String, ?> position, @Nullable String databaseName, String ddl) {
    record(source, position, databaseName, null, ddl, new TableChanges(), Instant.now());
  }

  @Override
  public void record(
      Map<String, ?> source,
      Map<String, ?> position,
      @Nullable String databaseName,
      @Nullable String schemaName,
      String ddl,
      TableChanges changes,
      Instant timestamp) {
    Entry entry = new Entry(source, position, databaseName, ddl, timestamp);
    if (changes.iterator().hasNext()) {
      if (names().concern(changes)) {
        store(entry, changes);
        known().apply(changes);
      }
      return;
    }
    if (OutboxNames.mayChangeTable(ddl)) {
      handleUnparsed(entry);
    }
  }

  private record Entry(
      Map<String, ?> source,
      Map<String, ?> position,
      @Nullable String database,
      String statement,
      Instant timestamp) {}

  /**
   * Stores an entry, if the relay still owns the shard. A relay that resumes after a long pause
   * would otherwise append an old definition after the entries of the new owner, where it would
   * count as the newest.
   */
  private void store(Entry entry, TableChanges changes) {
    if (!isOwned.getAsBoolean()) {
      throw new TransientException(
          "another relay may own the shard now, so a change of its table was not stored", null);
    }
    kafka.record(
        entry.source(),
        entry.position(),
        entry.database(),
        null,
        entry.statement(),
        changes,
        entry.timestamp());
  }

  /** Handles a statement in which the engine found no change of a table. */
  private void handleUnparsed(Entry entry) {
    Tables tables = current();
    for (ShardTable table : names().tablesIn(entry.statement(), entry.database())) {
      known()
          .requireCurrent(table, entry.statement())
          .filter(definition -> tables.forTable(definition.id()) == null)
          .ifPresent(definition -> restore(entry, definition));
    }
    for (TableId candidate : names().candidatesIn(entry.statement(), tables)) {
      // Its definition is unknown now. If it replaces an outbox table, requireCurrent checks it.
      tables.removeTable(candidate);
      store(entry, new TableChanges().drop(candidate));
    }
  }

  /** Restores the definition, because the table was replaced by one with the same columns. */
  private void restore(Entry entry, Table definition) {
    current().overwriteTable(definition);
    store(entry, new TableChanges().create(definition));
  }

  private KnownTables known() {
    if (known == null) {
      throw new IllegalStateException("the history is not configured");
    }
    return known;
  }

  private OutboxNames names() {
    return known().names();
  }

  private Tables current() {
    if (current == null) {
      throw new IllegalStateException("the history is not recovered");
    }
    return current;
  }

  @Override
  public void stop() {
    kafka.stop();
  }

  @Override
  public boolean exists() {
    return kafka.exists();
  }

  @Override
  public boolean storageExists() {
    return kafka.storageExists();
  }

  @Override
  public void initializeStorage() {
    kafka.initializeStorage();
  }

  @Override
  public void checkStorageSettings() {
    kafka.checkStorageSettings();
  }
}
