package io.sluice.relay.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of a MySQL server, for statements that were renamed.
 *
 * @param number major, minor and patch version, each in three digits
 */
public record ServerVersion(int number) {

  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

  public static ServerVersion of(Connection connection) throws SQLException {
    return parse(connection.getMetaData().getDatabaseProductVersion());
  }

  /** Parses a version such as {@code 8.0.36-log}. */
  static ServerVersion parse(String text) {
    Matcher numbers = NUMBERS.matcher(text);
    if (!numbers.matches()) {
      throw new IllegalArgumentException("'%s' is not a MySQL version".formatted(text));
    }
    return of(number(numbers, 1), number(numbers, 2), number(numbers, 3));
  }

  private static int number(Matcher numbers, int group) {
    return Integer.parseInt(numbers.group(group));
  }

  private static ServerVersion of(int major, int minor, int patch) {
    return new ServerVersion((major * 1_000 + minor) * 1_000 + patch);
  }

  private boolean isAtLeast(int major, int minor, int patch) {
    return number >= of(major, minor, patch).number();
  }

  /** The statement for the end of the binlog: renamed in 8.2, old name removed in 8.4. */
  public String binlogStatus() {
    return isAtLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
  }

  /**
   * The statement for the replica status: renamed in 8.0.22, with its columns; old name removed in
   * 8.4.
   */
  public ReplicaStatus replicaStatus() {
    return isAtLeast(8, 0, 22)
        ? new ReplicaStatus("SHOW REPLICA STATUS", "Replica_IO_Running", "Replica_SQL_Running")
        : new ReplicaStatus("SHOW SLAVE STATUS", "Slave_IO_Running", "Slave_SQL_Running");
  }

  /**
   * Query for the replication status of a server.
   *
   * @param query statement that returns one row for each replication channel
   * @param receiving column that says whether the receiver thread runs
   * @param applying column that says whether the applier thread runs
   */
  public record ReplicaStatus(String query, String receiving, String applying) {}
}
