package io.sluice.relay.recovery;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The present end of a source's binlog, with its tables as they are there.
 *
 * @param offset before which nothing will be published
 * @param createTables the statements that make the tables as they were at that offset
 * @param server whose binary log it is a place in, where that says nothing on another server
 */
record FirstPosition(
    Map<String, Object> offset, Map<ShardTable, String> createTables, Optional<String> server) {

  private static final int ATTEMPTS = 5;

  FirstPosition {
    createTables = new LinkedHashMap<>(createTables);
  }

  /** Takes both such that no table was altered in between. */
  static FirstPosition capture(ShardSource source, Delivery delivery) {
    try (Connection connection = source.tables().get(0).connect(source.server());
        Statement statement = connection.createStatement()) {
      // ANSI_QUOTES would give a definition that the engine cannot parse.
      statement.execute("SET SESSION sql_mode = ''");
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Map<ShardTable, String> before = createTables(statement, source);
        Map<String, Object> offset = present(connection, delivery);
        if (before.equals(createTables(statement, source))) {
          return new FirstPosition(offset, before, server(connection, offset));
        }
      }
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
    throw new TransientException(
        "the outbox table of shard '%s' was altered again and again while its first position was taken"
            .formatted(source.id()),
        null);
  }

  private static Map<ShardTable, String> createTables(Statement statement, ShardSource source)
      throws SQLException {
    Map<ShardTable, String> definitions = new LinkedHashMap<>();
    for (ShardTable table : source.tables()) {
      definitions.put(table, createTable(statement, table));
    }
    return definitions;
  }

  private static String createTable(Statement statement, ShardTable table) throws SQLException {
    String query =
        "SHOW CREATE TABLE `%s`.`%s`".formatted(table.database(), table.layout().table());
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      // Without the counter, which any table but the shipped one may have and is no definition.
      return row.getString(2).replaceFirst(" AUTO_INCREMENT=\\d+", "");
    }
  }

  private static Map<String, Object> present(Connection connection, Delivery delivery)
      throws SQLException {
    BinlogEnd end = BinlogEnd.of(connection);
    boolean isNumbered =
        delivery == Delivery.EXACTLY_ONCE || ServerIdentity.isNumbering(connection);
    if (end.gtidSet().isEmpty() && isNumbered) {
      throw new OperatorNeededException(
          "the server has not executed a transaction with a GTID yet, so there is no position",
          "commit one transaction on it, such as creating the shard's tables, and try again");
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
   * Whether rows may lie before it that cannot be seen yet. A transaction is in the log before it
   * is committed; a place in the log may be behind it then, while a set of GTIDs lacks it.
   */
  boolean mayHideRows() {
    return server.isPresent();
  }

  /** Whether rows are already there that nobody has published: they lie before the position. */
  static boolean hasUnpublishedRows(ShardSource source, ShardTable table) {
    if (!table.layout().hasDelivery()) {
      return false;
    }
    String query =
        "SELECT EXISTS (SELECT 1 FROM `%s` WHERE `%s` IN ('PENDING', 'RETRY'))"
            .formatted(
                table.layout().table(), table.layout().column(OutboxTable.STATUS).orElseThrow());
    try (Connection connection = table.connect(source.server());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }
}
