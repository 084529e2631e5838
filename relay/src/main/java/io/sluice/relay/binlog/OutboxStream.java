package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.GtidEventData;
import com.github.shyiko.mysql.binlog.event.GtidTaggedEventData;
import com.github.shyiko.mysql.binlog.event.MySqlGtid;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.NullEventDataDeserializer;
import io.debezium.DebeziumException;
import io.debezium.connector.binlog.jdbc.BinlogConnectorConnection;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSource;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSourceMetrics;
import io.debezium.connector.mysql.MySqlTaskContext;
import io.debezium.pipeline.ErrorHandler;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.relational.TableId;
import io.debezium.snapshot.SnapshotterService;
import io.debezium.util.Clock;
import io.sluice.relay.mysql.BinlogEvents.Place;
import io.sluice.relay.schema.TableDefinitions;
import io.sluice.relay.schema.TableDefinitions.EnginePosition;
import io.sluice.relay.shard.ShardTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The engine's reading of the binlog. Connecting, starting at an offset and reporting failures are
 * the engine's. What the events mean is decided here, since the engine's own handling creates a
 * described change of each row, which costs many times what the reading of the row costs. Its
 * methods are called by the thread that reads the binlog.
 */
final class OutboxStream extends MySqlStreamingChangeEventSource {

  /** Updates and deletes are status changes and cleanup, not events. */
  private static final List<EventType> IGNORED =
      List.of(
          EventType.UPDATE_ROWS,
          EventType.EXT_UPDATE_ROWS,
          EventType.DELETE_ROWS,
          EventType.EXT_DELETE_ROWS);

  private final ErrorHandler errors;
  private final TableDefinitions definitions;
  private final TransactionReader transactions;
  private final long heartbeatNanos;
  private final CountDownLatch stop;
  private @Nullable InsertedRows insertedRows;
  private long lastBeat = System.nanoTime();
  private boolean hasFailed;

  // More than five parameters: those of the engine's class, and four more.
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
      ReadAhead ahead,
      Duration heartbeat,
      CountDownLatch stop) {
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
    this.errors = errors;
    this.definitions = definitions;
    this.transactions = new TransactionReader(definitions, ahead);
    this.heartbeatNanos = heartbeat.toNanos();
    this.stop = stop;
  }

  @Override
  public void execute(
      ChangeEventSourceContext running, MySqlPartition read, MySqlOffsetContext offset)
      throws InterruptedException {
    definitions.begin();
    super.execute(new AwaitingStop(running, stop), read, offset);
  }

  /**
   * While the client's thread reads, the engine's thread only waits for the stop. On its own it
   * looks ten times a second, also for an idle shard. Here it sleeps until the engine's coordinator
   * stops or interrupts it. Nothing else ends the engine's loop.
   */
  private record AwaitingStop(ChangeEventSourceContext engine, CountDownLatch stop)
      implements ChangeEventSourceContext {

    /** Asked in each pass of the engine's loop. There are no snapshots to pause for. */
    @Override
    public boolean isPaused() {
      try {
        stop.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }

    @Override
    public boolean isRunning() {
      return engine.isRunning();
    }

    @Override
    public void resumeStreaming() throws InterruptedException {
      engine.resumeStreaming();
    }

    @Override
    public void waitSnapshotCompletion() throws InterruptedException {
      engine.waitSnapshotCompletion();
    }

    @Override
    public void streamingPaused() {
      engine.streamingPaused();
    }

    @Override
    public void waitStreamingPaused() throws InterruptedException {
      engine.waitStreamingPaused();
    }
  }

  @Override
  protected void initializeGtidSet(String value) {
    super.initializeGtidSet(value);
    transactions.begin(value);
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
  protected void handleEvent(
      MySqlPartition partition,
      MySqlOffsetContext offset,
      ChangeEventSourceContext running,
      Event event) {
    if (hasFailed) {
      return; // the engine ends soon
    }
    try {
      locate(offset, event);
      handle(partition, offset, running, event);
      transactions.eventEnds(offset);
      if (System.nanoTime() - lastBeat >= heartbeatNanos) {
        beat(offset, false);
      }
    } catch (RuntimeException e) {
      hasFailed = true;
      errors.setProducerThrowable(new DebeziumException("Error processing binlog event", e));
    } catch (InterruptedException e) {
      hasFailed = true;
      Thread.currentThread().interrupt();
    }
  }

  private void locate(MySqlOffsetContext offset, Event event) {
    offset.setBinlogServerId(event.getHeader().getServerId());
    if (event.getHeader().getEventType() == EventType.ROTATE) {
      RotateEventData next = unwrapData(event);
      offset.setBinlogStartPoint(next.getBinlogFilename(), next.getBinlogPosition());
      return;
    }
    EventHeaderV4 header = event.getHeader();
    if (header.getPosition() > 0) {
      offset.setEventPosition(header.getPosition(), header.getEventLength());
    }
  }

  private void handle(
      MySqlPartition partition,
      MySqlOffsetContext offset,
      ChangeEventSourceContext running,
      Event event)
      throws InterruptedException {
    switch (event.getHeader().getEventType()) {
      case GTID, GTID_TAGGED -> {
        if (isGtidModeEnabled()) {
          transactions.start(offset, gtid(unwrapData(event)));
        }
      }
      case QUERY -> handleQuery(partition, offset, event);
      case TABLE_MAP -> handleUpdateTableMetadata(partition, offset, event);
      case WRITE_ROWS, EXT_WRITE_ROWS -> handleInsert(partition, offset, event);
      case XID -> transactions.commit(offset);
      case XA_PREPARE -> transactions.prepare(offset);
      case EXECUTE_LOAD_QUERY -> notice(offset, event, unwrapData(event));
      case TRANSACTION_PAYLOAD -> handleTransactionPayload(partition, offset, running, event);
      case ROTATE -> handleRotateLogsEvent(offset, event);
      case HEARTBEAT -> beat(offset, true);
      case INCIDENT -> handleServerIncident(partition, offset, event);
      default -> {
        // has no meaning for the outbox
      }
    }
  }

  private static MySqlGtid gtid(EventData data) {
    return data instanceof GtidTaggedEventData tagged
        ? tagged.getMySqlGtid()
        : ((GtidEventData) data).getMySqlGtid();
  }

  private void beat(MySqlOffsetContext offset, boolean isIdle) throws InterruptedException {
    lastBeat = System.nanoTime();
    transactions.beat(offset, isIdle);
  }

  @Override
  protected void handleUpdateTableMetadata(
      MySqlPartition partition, MySqlOffsetContext offset, Event event) {
    TableMapEventData map = unwrapData(event);
    Optional<ShardTable> table = definitions.source().table(map.getDatabase(), map.getTable());
    if (table.isPresent()) {
      definitions.describe(() -> position(partition, offset), table.get(), map);
      rows().follow(map);
    }
  }

  @Override
  protected void handleInsert(MySqlPartition partition, MySqlOffsetContext offset, Event event)
      throws InterruptedException {
    WriteRowsEventData rows = unwrapData(event);
    EventHeaderV4 header = event.getHeader();
    transactions.insert(offset, rows, eventTimestamp, header.getDataLength());
  }

  private void handleQuery(MySqlPartition partition, MySqlOffsetContext offset, Event event)
      throws InterruptedException {
    QueryEventData query = unwrapData(event);
    String sql = query.getSql().trim();
    if (sql.equalsIgnoreCase("BEGIN")) {
      transactions.beginRows(offset);
    } else if (sql.equalsIgnoreCase("COMMIT")) {
      transactions.commit(offset);
    } else {
      definitions.apply(() -> position(partition, offset), query.getDatabase(), sql);
      notice(offset, event, query);
    }
  }

  private void notice(MySqlOffsetContext offset, Event event, QueryEventData query)
      throws InterruptedException {
    Optional<ShardTable> target = definitions.insertTarget(query.getDatabase(), query.getSql());
    if (target.isPresent()) {
      transactions.insert(offset, target.get(), event.getHeader().getTimestamp());
    }
  }

  private EnginePosition position(MySqlPartition partition, MySqlOffsetContext offset) {
    return new EnginePosition(
        partition.getSourcePartition(),
        transactions.offset(offset),
        new Place(
            getBinaryLogClient().getBinlogFilename(), getBinaryLogClient().getBinlogPosition()));
  }

  @Override
  protected void handleRotateLogsEvent(MySqlOffsetContext offset, Event event) {
    definitions.rotated();
    rows().rotated();
  }
}
