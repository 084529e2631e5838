package io.sluice.relay.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which MySQL a server is, for statements that were renamed.
 *
 * @param number major, minor and patch, each in three digits
 */
public record ServerVersion(int number) {

  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

  public static ServerVersion of(Connection connection) throws SQLException {
    return parse(connection.getMetaData().getDatabaseProductVersion());
  }

  /** From what a server calls itself, such as {@code 8.0.36-log}. */
  static ServerVersion parse(String text) {
    Matcher numbers = NUMBERS.matcher(text);
    if (!numbers.matches()) {
      throw new IllegalArgumentException("'%s' is no version of MySQL".formatted(text));
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

  /** Renamed in 8.2; the old name is gone in 8.4. */
  public String binlogStatus() {
    return isAtLeast(8, 2, 0) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
  }

  /** Renamed in 8.0.22, with its columns; the old name is gone in 8.4. */
  public ReplicaStatus replicaStatus() {
    return isAtLeast(8, 0, 22)
        ? new ReplicaStatus("SHOW REPLICA STATUS", "Replica_IO_Running", "Replica_SQL_Running")
        : new ReplicaStatus("SHOW SLAVE STATUS", "Slave_IO_Running", "Slave_SQL_Running");
  }

  /**
   * How to ask whether a server is a replica.
   *
   * @param query has a row for each source it replicates from
   * @param receiving the column that says whether it receives
   * @param applying the column that says whether it applies
   */
  public record ReplicaStatus(String query, String receiving, String applying) {}
}
