package io.sluice.relay.recovery;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Position;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of a source's tables, and the end of its binlog at which they hold.
 *
 * @param offset the offset from which events are published
 * @param columns the names of the tables' columns at that offset, in their order
 * @param server the server to whose binlog the offset belongs; empty if the offset is a GTID set
 */
record SchemaSnapshot(
    Map<String, Object> offset, Map<ShardTable, List<String>> columns, Optional<String> server) {

  private static final int ATTEMPTS = 5;

  SchemaSnapshot {
    columns = new LinkedHashMap<>(columns);
  }

  /** Reads offset and columns; repeats that if a table was altered in between. */
  static SchemaSnapshot capture(ShardSource source, DeliveryGuarantee delivery) {
    try (Connection connection = source.tables().get(0).connect(source.server())) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Map<ShardTable, List<String>> before = columns(connection, source);
        Map<String, Object> offset = offset(connection, delivery);
        if (before.equals(columns(connection, source))) {
          return new SchemaSnapshot(offset, before, server(connection, offset));
        }
      }
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
    throw new TransientException(
        "the outbox table of shard '%s' was altered repeatedly while its first position was determined"
            .formatted(source.id()),
        null);
  }

  private static Map<ShardTable, List<String>> columns(Connection connection, ShardSource source)
      throws SQLException {
    Map<ShardTable, List<String>> columns = new LinkedHashMap<>();
    for (ShardTable table : source.tables()) {
      columns.put(
          table, TableColumn.of(connection, table).stream().map(TableColumn::name).toList());
    }
    return columns;
  }

  private static Map<String, Object> offset(Connection connection, DeliveryGuarantee delivery)
      throws SQLException {
    BinlogEnd end = BinlogEnd.of(connection);
    boolean isNumbered =
        delivery == DeliveryGuarantee.EXACTLY_ONCE || ServerIdentity.isNumbering(connection);
    if (end.gtidSet().isEmpty() && isNumbered) {
      throw new OperatorNeededException(
          "the server has not executed a transaction with a GTID yet, so there is no position",
          "commit one transaction on it, for example create the shard's tables, and try again");
    }
    return Position.offsetAt(end.file(), end.position(), end.gtidSet());
  }

  private static Optional<String> server(Connection connection, Map<String, Object> offset)
      throws SQLException {
    return Position.gtidSet(offset).isPresent()
        ? Optional.empty()
        : Optional.of(ServerIdentity.of(connection).uuid());
  }

  Position position(String history) {
    Position position = Position.first(offset, history);
    return server.map(position::on).orElse(position);
  }

  /**
   * Whether rows before this position may not be visible yet. A transaction is written to the
   * binlog before it is committed. In between, a file offset is past it, but a GTID set does not
   * contain it.
   */
  boolean mayHideRows() {
    return server.isPresent();
  }
}
