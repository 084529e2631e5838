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
 * Keeps the definitions of a source's outbox tables in Kafka, and of those that may take their
 * place. The engine tells it of every statement, also of those it cannot parse and passes over;
 * such a one ends the engine if it has changed the columns of an outbox table, whose rows would be
 * misread in silence otherwise.
 *
 * <p>Made by the engine from its class name; the source is handed over ready, under an id of the
 * run. Used by one thread at a time, as {@link KnownTables} is.
 */
public final class TableHistory implements SchemaHistory {

  /** Property of a history that says of which run it is. */
  static final String RUN_ID = EngineProperties.HISTORY + StartingOffset.RUN_ID;

  private static final Map<String, EngineSource> PREPARED = new ConcurrentHashMap<>();

  private final SchemaHistory kafka = new KafkaSchemaHistory();
  private @Nullable KnownTables known;
  private @Nullable Tables present;
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
    present = schema;
    known().begin(schema);
  }

  /** Left to the other, which the engine calls. */
  @Override
  @Deprecated
  public void recover(
      Map<Map<String, ?>, Map<String, ?>> offsets, Tables schema, DdlParser ddlParser) {
    throw new UnsupportedOperationException("a history is recovered by the engine's offsets");
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
        known().follow(changes);
      }
      return;
    }
    if (TableStatement.is(ddl)) {
      passOver(entry);
    }
  }

  private record Entry(
      Map<String, ?> source,
      Map<String, ?> position,
      @Nullable String database,
      String statement,
      Instant timestamp) {}

  /**
   * A relay that was frozen may wake up in the middle of a statement, long after another has gone
   * on from there: what it stored now would come last, and stand for the newest definition.
   */
  private void store(Entry entry, TableChanges changes) {
    if (!isOwned.getAsBoolean()) {
      throw new TransientException(
          "another relay may own the shard by now, so a change of its table was not stored", null);
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

  /** A statement that changed no table, as far as the engine understands it. */
  private void passOver(Entry entry) {
    Tables tables = present();
    for (ShardTable table : names().tablesIn(entry.statement(), entry.database())) {
      known()
          .requireTrue(table, entry.statement())
          .filter(definition -> tables.forTable(definition.id()) == null)
          .ifPresent(definition -> putBack(entry, definition));
    }
    for (TableId candidate : names().candidatesIn(entry.statement(), tables)) {
      // It may be something else by now. If it takes the table's place, that will be noticed.
      tables.removeTable(candidate);
      store(entry, new TableChanges().drop(candidate));
    }
  }

  /** A table took its place that the engine knows nothing of, but it has the same columns. */
  private void putBack(Entry entry, Table definition) {
    present().overwriteTable(definition);
    store(entry, new TableChanges().create(definition));
  }

  private KnownTables known() {
    if (known == null) {
      throw new IllegalStateException("a history is configured before it is used");
    }
    return known;
  }

  private OutboxNames names() {
    return known().names();
  }

  private Tables present() {
    if (present == null) {
      throw new IllegalStateException("a history is recovered before it goes on");
    }
    return present;
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
