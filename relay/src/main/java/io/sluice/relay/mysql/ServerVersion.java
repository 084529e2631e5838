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

  /** The statement for the list of replicas, which needs the privilege to read the binlog. */
  public String replicas() {
    return isAtLeast(8, 0, 22) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
  }

  /**
   * The word for a replica in the statement for the replica status and its columns: renamed in
   * 8.0.22, old name removed in 8.4.
   */
  public String replica() {
    return isAtLeast(8, 0, 22) ? "Replica" : "Slave";
  }
}
