package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Where a server's binary log ended at some moment. What was committed before that moment lies
 * before it.
 *
 * @param server whose log it is
 * @param file the log's newest file
 * @param position in it
 * @param gtidSet all executed transactions; empty where the server does not number every one
 * @param purged those of them that are not in the log any more, or never were
 */
public record BinlogEnd(
    ServerIdentity server, String file, long position, String gtidSet, String purged) {

  private static final String PURGED = "SELECT @@GLOBAL.gtid_purged";

  /** The present end. */
  public static BinlogEnd of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet purged = statement.executeQuery(PURGED)) {
      purged.next();
      return of(connection, plain(purged.getString(1)));
    }
  }

  /** The present end of a source. */
  public static BinlogEnd of(ShardSource source) {
    try (Connection connection = source.tables().get(0).connect(source.server())) {
      return of(connection);
    } catch (SQLException e) {
      throw MySqlErrors.classify(source, e);
    }
  }

  private static BinlogEnd of(Connection connection, String purged) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ServerVersion.of(connection).binlogStatus())) {
      row.next();
      return new BinlogEnd(
          ServerIdentity.of(connection),
          row.getString("File"),
          row.getLong("Position"),
          // In any other mode the engine reads by place in the files.
          ServerIdentity.isNumbering(connection) ? plain(row.getString("Executed_Gtid_Set")) : "",
          purged);
    }
  }

  /** A set in one line. */
  private static String plain(String gtidSet) {
    return gtidSet.replaceAll("\\s", "");
  }

  /** Whether all before this end lies before a position reached on this very server. */
  public boolean isPassedBy(Position reached) {
    long number = number(file);
    long reachedNumber = number(reached.file());
    return reachedNumber > number
        || (reachedNumber == number && reached.positionInFile() >= position);
  }

  /** Files are numbered, such as {@code binlog.000042}; the number may outgrow its six digits. */
  private static long number(String file) {
    return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
  }
}
