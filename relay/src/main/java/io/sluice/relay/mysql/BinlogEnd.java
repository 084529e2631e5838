package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * The end of a server's binlog at some moment. Everything that was committed before that moment is
 * before the end.
 *
 * @param seenAt that moment, by the clock of the relay
 * @param server the server of the binlog
 * @param file newest file of the binlog
 * @param position position in that file
 * @param gtidSet all executed transactions; empty unless the server assigns a GTID to every
 *     transaction
 * @param purged those of the executed transactions that are not in the binlog
 */
public record BinlogEnd(
    Instant seenAt,
    ServerIdentity server,
    String file,
    long position,
    String gtidSet,
    String purged) {

  private static final String PURGED = "SELECT @@GLOBAL.gtid_purged";

  /** Reads the current end. */
  public static BinlogEnd of(Connection connection) throws SQLException {
    Instant now = Instant.now();
    String purged;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(PURGED)) {
      row.next();
      purged = withoutSpaces(row.getString(1));
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ServerVersion.of(connection).binlogStatus())) {
      row.next();
      return new BinlogEnd(
          now,
          ServerIdentity.of(connection),
          row.getString("File"),
          row.getLong("Position"),
          // In any other GTID mode the engine reads by file and position.
          ServerIdentity.isNumbering(connection)
              ? withoutSpaces(row.getString("Executed_Gtid_Set"))
              : "",
          purged);
    }
  }

  /** Connects to a source and reads the current end of its binlog. */
  public static BinlogEnd of(ShardSource source) {
    try (Connection connection = source.server().connect("")) {
      return of(connection);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  /** Removes line breaks and spaces from a GTID set. */
  private static String withoutSpaces(String gtidSet) {
    return gtidSet.replaceAll("\\s", "");
  }

  /** Whether a position on the same server is at or after this end. */
  public boolean isPassedBy(Position reached) {
    long number = number(file);
    long reachedNumber = number(reached.file());
    return reachedNumber > number
        || (reachedNumber == number && reached.positionInFile() >= position);
  }

  /** The number of a file such as {@code binlog.000042}. It can have more than six digits. */
  private static long number(String file) {
    return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
  }
}
