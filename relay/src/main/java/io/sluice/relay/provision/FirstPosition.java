package io.sluice.relay.provision;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.check.MySqlFailures;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * The present end of a shard's binlog, with the table as it is there.
 *
 * @param position before which nothing will be published
 * @param createTable the statement that makes the table as it was at that position
 * @param hasUnpublishedRows whether the table holds rows that are PENDING or RETRY already
 */
record FirstPosition(RelayPosition position, String createTable, boolean hasUnpublishedRows) {

  private static final int ATTEMPTS = 5;
  private static final String UNPUBLISHED =
      "SELECT EXISTS (SELECT 1 FROM outbox_events WHERE status IN ('PENDING', 'RETRY'))";

  /** Takes both such that the table was not altered in between. */
  static FirstPosition capture(ShardSource source) {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      // ANSI_QUOTES would give a definition that the engine cannot parse.
      statement.execute("SET SESSION sql_mode = ''");
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        String before = createTable(statement);
        RelayPosition position = present(statement);
        if (before.equals(createTable(statement))) {
          return new FirstPosition(position, before, hasUnpublishedRows(statement));
        }
      }
    } catch (SQLException e) {
      throw MySqlFailures.classify(source, e);
    }
    throw new TransientException(
        "table %s of shard '%s' was altered again and again while its first position was taken"
            .formatted(OutboxTable.NAME, source.id()),
        null);
  }

  private static String createTable(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + OutboxTable.NAME)) {
      row.next();
      // Without the counter, which every database but ours may have and which is no definition.
      return row.getString(2).replaceFirst(" AUTO_INCREMENT=\\d+", "");
    }
  }

  private static RelayPosition present(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(statusQuery(statement))) {
      row.next();
      String gtids = row.getString("Executed_Gtid_Set").replaceAll("\\s", "");
      if (gtids.isEmpty()) {
        throw new OperatorNeededException(
            "the server has not executed a transaction with a GTID yet, so there is no position",
            "commit one transaction on it, such as creating the shard's tables, and try again");
      }
      return RelayPosition.first(
          Map.of(
              "file",
              row.getString("File"),
              "pos",
              row.getLong("Position"),
              RelayPosition.GTID_SET,
              gtids));
    }
  }

  /** MySQL renamed the statement in 8.2 and dropped the old name in 8.4. */
  private static String statusQuery(Statement statement) throws SQLException {
    var server = statement.getConnection().getMetaData();
    boolean renamed =
        server.getDatabaseMajorVersion() > 8
            || (server.getDatabaseMajorVersion() == 8 && server.getDatabaseMinorVersion() >= 2);
    return renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
  }

  private static boolean hasUnpublishedRows(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(UNPUBLISHED)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
