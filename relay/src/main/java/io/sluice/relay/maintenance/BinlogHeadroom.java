package io.sluice.relay.maintenance;

import io.sluice.relay.shard.ShardServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Reads how long a server keeps its binlog. */
final class BinlogHeadroom {

  /** Automatic purging can be switched off since MySQL 8.0.29. */
  private static final String VARIABLES =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge')
      """;

  private BinlogHeadroom() {}

  /**
   * Reads the retention of the binlog. A file is purged after this time since its last write.
   *
   * @return the retention; empty if the server does not purge automatically
   */
  public static Optional<Duration> keptFor(ShardServer server, String database)
      throws SQLException {
    long seconds = 0;
    try (Connection connection = server.connect(database);
        PreparedStatement query = connection.prepareStatement(VARIABLES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        if (rows.getString(1).endsWith("seconds")) {
          seconds = rows.getLong(2);
        } else if (rows.getString(2).equalsIgnoreCase("OFF")) {
          return Optional.empty();
        }
      }
    }
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }
}
