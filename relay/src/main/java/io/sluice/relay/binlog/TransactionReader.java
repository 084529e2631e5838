package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.event.MySqlGtid;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.relational.TableId;
import io.sluice.relay.capture.Captured;
import io.sluice.relay.capture.CapturedRows;
import io.sluice.relay.capture.RowDecoder;
import io.sluice.relay.capture.StatementInsert;
import io.sluice.relay.schema.TableDefinitions;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a transaction inserts into outbox tables, and passes it on when the transaction
 * ends, or before if it is large. Moves the engine's offset, which stays before a transaction until
 * it ends. Used by the thread that reads the binlog.
 */
final class TransactionReader {

  /** A transaction is passed on in parts of this size, so that it need not fit into memory. */
  private static final long PART_BYTES = 256 << 10;

  /** Approximate memory of a row besides the bytes of its values. */
  private static final int ROW_BYTES = 512;

  private final TableDefinitions definitions;
  private final ReadAhead ahead;

  /** The GTID of the transaction that is read, until it is complete. */
  private @Nullable MySqlGtid gtid;

  /** The GTID, or the place of the transaction in the binlog. */
  private String transaction = "";

  /** Whether the transaction has begun with BEGIN. XA transactions begin with another statement. */
  private boolean hasBegun;

  private List<Captured> captured = new ArrayList<>();
  private long bytes;

  TransactionReader(TableDefinitions definitions, ReadAhead ahead) {
    this.definitions = definitions;
    this.ahead = ahead;
  }

  /** Begins after these GTIDs. */
  void begin(String gtidSet) {
    ahead.begin(gtidSet);
  }

  /** A transaction starts, or a statement that is none. The one before it is complete. */
  void start(MySqlOffsetContext offset, MySqlGtid next) throws InterruptedException {
    if (gtid != null || !captured.isEmpty()) {
      pass(offset, gtid);
    }
    gtid = next;
    transaction = next.toString();
    hasBegun = false;
    // Without the set of all GTIDs, which is too long to be formatted for each transaction.
    offset.startGtid(transaction, null);
  }

  /** The rows of a transaction follow, up to its commit. */
  void beginRows(MySqlOffsetContext offset) {
    offset.startNextTransaction();
    hasBegun = true;
    if (gtid == null) {
      transaction = place(offset);
    }
  }

  private static String place(MySqlOffsetContext offset) {
    Map<String, ?> restart = offset.getOffset();
    return restart.get("file") + ":" + restart.get("pos");
  }

  /** Rows are inserted. Rows of other tables are ignored. */
  void insert(MySqlOffsetContext offset, WriteRowsEventData event, Instant time, long dataBytes)
      throws InterruptedException {
    @Nullable RowDecoder decoder = definitions.decoder(event.getTableId());
    if (decoder == null) {
      return;
    }
    ShardTable table = decoder.table();
    requireComplete(table, event.getIncludedColumns().cardinality(), decoder.columnCount());
    if (gtid == null && !hasBegun) {
      transaction = place(offset);
    }
    offset.event(new TableId(table.database(), null, table.layout().table()), time);
    add(
        offset,
        new CapturedRows(
            decoder,
            new RowOrigin(table.shard(), transaction, gtid != null),
            !hasBegun,
            time,
            event.getRows()),
        dataBytes + (long) ROW_BYTES * event.getRows().size());
  }

  private void requireComplete(ShardTable table, int written, int columns) {
    if (written < columns) {
      throw new OperatorNeededException(
          "a session inserts into %s with a binlog_row_image other than FULL: its rows have %d of %d columns in the binlog"
              .formatted(table.name(), written, columns),
          "end such sessions; then approve a new position: the shard continues at the current end"
              + " of the binlog and reconciles its table to find missed events:"
              + " sluice-relay shards heal %s --force".formatted(definitions.source().id()));
    }
  }

  /** A statement has inserted rows, which are not in the binlog. */
  void insert(MySqlOffsetContext offset, ShardTable table, long timeMillis)
      throws InterruptedException {
    if (!table.layout().hasDelivery()) {
      throw new OperatorNeededException(
          "a session with a binlog_format other than ROW has inserted into %s: the rows are not in the binlog, and the table has no status that would show which they are"
              .formatted(table.name()),
          "set binlog_format=ROW in that session, and insert the rows once more with other ids; then"
              + " approve a new position: the shard continues at the current end of the binlog,"
              + " without the events in between: sluice-relay shards heal %s --force"
                  .formatted(definitions.source().id()));
    }
    add(offset, new StatementInsert(table.shard(), Instant.ofEpochMilli(timeMillis)), ROW_BYTES);
  }

  private void add(MySqlOffsetContext offset, Captured next, long size)
      throws InterruptedException {
    captured.add(next);
    bytes += size;
    if (bytes >= PART_BYTES) {
      pass(offset, null);
    }
  }

  void commit(MySqlOffsetContext offset) throws InterruptedException {
    offset.commitTransaction();
    hasBegun = false;
    pass(offset, gtid);
    gtid = null;
  }

  /** An XA transaction ends, which is committed or rolled back later. */
  void prepare(MySqlOffsetContext offset) throws InterruptedException {
    pass(offset, null);
  }

  /** An event has been handled. */
  void eventEnds(MySqlOffsetContext offset) throws InterruptedException {
    if (hasBegun || gtid != null) {
      // Marks an offset within a transaction, also within a compressed XA transaction, whose events
      // have no place of their own.
      offset.completeEvent();
    } else if (!captured.isEmpty()) {
      pass(offset, null);
    }
  }

  private void pass(MySqlOffsetContext offset, @Nullable MySqlGtid completed)
      throws InterruptedException {
    ahead.add(captured, bytes, completed, offset.getOffset());
    captured = new ArrayList<>();
    bytes = 0;
  }

  /**
   * Hands the offset on, although nothing was captured for some time.
   *
   * @param isIdle whether the server has nothing else to send
   */
  void beat(MySqlOffsetContext offset, boolean isIdle) throws InterruptedException {
    ahead.beat(offset.getOffset(), isIdle);
  }

  /** The offset after everything that was captured. */
  Map<String, ?> offset(MySqlOffsetContext offset) {
    return ahead.end(offset.getOffset());
  }
}
