package io.sluice.relay.upkeep;

import io.sluice.relay.shard.ShardServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Measures for how long a server will keep what has not been read of its binary log. */
public final class BinlogHeadroom {

  /** Automatic purging can be switched off since MySQL 8.0.29. */
  private static final String VARIABLES =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge')
      """;

  private BinlogHeadroom() {}

  /**
   * The time that is left before the first unread transaction may be purged. A file is purged that
   * many seconds after it was last written to, so this is the least it can be. Empty if the server
   * purges nothing by itself.
   *
   * @param lag the age of the first unread transaction
   */
  public static Optional<Duration> measure(ShardServer server, String database, Duration lag)
      throws SQLException {
    long expireSeconds = 0;
    try (Connection connection = server.connect(database);
        PreparedStatement query = connection.prepareStatement(VARIABLES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        if (rows.getString(1).endsWith("seconds")) {
          expireSeconds = rows.getLong(2);
        } else if (rows.getString(2).equalsIgnoreCase("OFF")) {
          return Optional.empty();
        }
      }
    }
    if (expireSeconds == 0) {
      return Optional.empty();
    }
    Duration left = Duration.ofSeconds(expireSeconds).minus(lag);
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }
}
