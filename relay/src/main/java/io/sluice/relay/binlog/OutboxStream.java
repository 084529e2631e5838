package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.NullEventDataDeserializer;
import io.debezium.connector.base.ChangeEventQueue;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSource;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSourceMetrics;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.relational.TableId;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.util.Clock;
import io.sluice.relay.mysql.BinlogEvents.Place;
import io.sluice.relay.schema.TableDefinitions;
import io.sluice.relay.schema.TableDefinitions.EnginePosition;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The engine's reading of the binlog, with a look at each event before the engine handles it. The
 * engine does not parse statements and does not hear of other tables. Its methods are called by the
 * thread that reads the binlog.
 */
final class OutboxStream extends MySqlStreamingChangeEventSource {

  /** Updates and deletes are status changes and cleanup, not events. */
  private static final List<EventType> IGNORED =
      List.of(
          EventType.UPDATE_ROWS,
          EventType.EXT_UPDATE_ROWS,
          EventType.DELETE_ROWS,
          EventType.EXT_DELETE_ROWS);

  private final TableDefinitions definitions;
  private final ChangeEventQueue<DataChangeEvent> queue;
  private volatile @Nullable MySqlPartition partition;
  private @Nullable InsertedRows insertedRows;

  // More than five parameters: those of the engine's class, and two more.
  OutboxStream(
      MySqlConnectorConfig settings,
      BinlogConnectorConnection connection,
      EventDispatcher<MySqlPartition, TableId> dispatcher,
      ErrorHandler errors,
      MySqlTaskContext context,
      MySqlStreamingChangeEventSourceMetrics metrics,
      SnapshotterService snapshots,
      BinaryLogClient client,
      TableDefinitions definitions,
      ChangeEventQueue<DataChangeEvent> queue) {
    super(
        settings,
        connection,
        dispatcher,
        errors,
        Clock.system(),
        context,
        definitions.schema(),
        metrics,
        snapshots,
        client);
    this.definitions = definitions;
    this.queue = queue;
  }

  @Override
  public void execute(
      ChangeEventSourceContext running, MySqlPartition read, MySqlOffsetContext offset)
      throws InterruptedException {
    partition = read;
    definitions.begin();
    super.execute(running, read, offset);
  }

  @Override
  protected EventDeserializer createEventDeserializer() {
    EventDeserializer deserializer = super.createEventDeserializer();
    deserializer.setEventDataDeserializer(
        EventType.EXECUTE_LOAD_QUERY, new LoadQueryDeserializer());
    deserializer.setEventDataDeserializer(EventType.WRITE_ROWS, rows().decoder(false));
    deserializer.setEventDataDeserializer(EventType.EXT_WRITE_ROWS, rows().decoder(true));
    deserializer.setEventDataDeserializer(EventType.TRANSACTION_PAYLOAD, rows().payloadDecoder());
    for (EventType ignored : IGNORED) {
      deserializer.setEventDataDeserializer(ignored, new NullEventDataDeserializer());
    }
    return deserializer;
  }

  /** Created at the first use, because the constructor of the engine's class needs it. */
  private InsertedRows rows() {
    if (insertedRows == null) {
      insertedRows = new InsertedRows();
    }
    return insertedRows;
  }

  @Override
  protected void handleUpdateTableMetadata(
      MySqlPartition partition, MySqlOffsetContext offset, Event event)
      throws InterruptedException {
    TableMapEventData map = unwrapData(event);
    Optional<ShardTable> table = definitions.source().table(map.getDatabase(), map.getTable());
    if (table.isPresent()) {
      definitions.describe(position(partition, offset), table.get(), map);
      rows().follow(map);
      super.handleUpdateTableMetadata(partition, offset, event);
    }
  }

  @Override
  protected void handleInsert(MySqlPartition partition, MySqlOffsetContext offset, Event event)
      throws InterruptedException {
    WriteRowsEventData rows = unwrapData(event);
    @Nullable TableId table = definitions.schema().getTableId(rows.getTableId());
    if (table != null) {
      int columns = definitions.schema().tableFor(table).columns().size();
      int written = rows.getIncludedColumns().cardinality();
      if (written < columns) {
        throw incomplete(table, written, columns);
      }
    }
    super.handleInsert(partition, offset, event);
  }

  private OperatorNeededException incomplete(TableId table, int written, int columns) {
    return new OperatorNeededException(
        "a session inserts into %s with a binlog_row_image other than FULL: its rows have %d of %d columns in the binlog"
            .formatted(table, written, columns),
        "end such sessions; then approve a new position: the shard continues at the current end of"
            + " the binlog and reconciles its table to find missed events:"
            + " sluice-relay shards heal %s --force".formatted(definitions.source().id()));
  }

  @Override
  protected void handleQueryEvent(MySqlPartition partition, MySqlOffsetContext offset, Event event)
      throws InterruptedException {
    QueryEventData query = unwrapData(event);
    String sql = query.getSql().trim();
    if (sql.equalsIgnoreCase("BEGIN") || sql.equalsIgnoreCase("COMMIT")) {
      super.handleQueryEvent(partition, offset, event);
      return;
    }
    definitions.apply(position(partition, offset), query.getDatabase(), sql);
    notice(partition, offset, event, query);
  }

  @Override
  protected void ignoreEvent(MySqlOffsetContext offset, Event event) {
    @Nullable MySqlPartition read = partition;
    if (event.getHeader().getEventType() == EventType.EXECUTE_LOAD_QUERY && read != null) {
      try {
        notice(read, offset, event, unwrapData(event));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Passes an insert on, whose rows are not in the binlog, or stops if they cannot be found. */
  private void notice(
      MySqlPartition partition, MySqlOffsetContext offset, Event event, QueryEventData query)
      throws InterruptedException {
    Optional<ShardTable> target = definitions.insertTarget(query.getDatabase(), query.getSql());
    if (target.isEmpty()) {
      return;
    }
    ShardTable table = target.get();
    if (!table.layout().hasDelivery()) {
      throw new OperatorNeededException(
          "a session with a binlog_format other than ROW has inserted into %s: the rows are not in the binlog, and the table has no status that would show which they are"
              .formatted(table.name()),
          "set binlog_format=ROW in that session, and insert the rows once more with other ids; then"
              + " approve a new position: the shard continues at the current end of the binlog,"
              + " without the events in between: sluice-relay shards heal %s --force"
                  .formatted(definitions.source().id()));
    }
    StatementInsert insert =
        new StatementInsert(table.shard(), Instant.ofEpochMilli(event.getHeader().getTimestamp()));
    queue.enqueue(
        new DataChangeEvent(insert.record(partition.getSourcePartition(), offset.getOffset())));
  }

  private EnginePosition position(MySqlPartition partition, MySqlOffsetContext offset) {
    return new EnginePosition(
        partition.getSourcePartition(),
        offset.getOffset(),
        new Place(
            getBinaryLogClient().getBinlogFilename(), getBinaryLogClient().getBinlogPosition()));
  }

  @Override
  protected void handleRotateLogsEvent(MySqlOffsetContext offset, Event event) {
    definitions.rotated();
    rows().rotated();
    super.handleRotateLogsEvent(offset, event);
  }
}
