package io.sluice.relay.maintenance;

import io.sluice.relay.binlog.OldestBinlogFile;
import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a server keeps its binlog: by its settings, and by the age of its oldest file. Cloud
 * providers purge by rules of their own, which no setting shows.
 *
 * @param configured a file is purged after this time since its last write; empty if that is
 *     switched off
 * @param oldest the oldest file that was not purged
 * @param read when the server was asked
 */
record BinlogRetention(Optional<Duration> configured, OldestBinlogFile oldest, Instant read) {

  /** Automatic purging can be switched off since MySQL 8.0.29. */
  private static final String SETTINGS =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge')
      """;

  /** Asks the server. */
  static BinlogRetention of(ShardSource source) throws SQLException {
    try (Connection connection = source.tables().get(0).connect(source.server());
        Statement statement = connection.createStatement()) {
      return new BinlogRetention(configured(statement), OldestBinlogFile.of(source), Instant.now());
    }
  }

  private static Optional<Duration> configured(Statement statement) throws SQLException {
    long seconds = 0;
    try (ResultSet rows = statement.executeQuery(SETTINGS)) {
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

  /**
   * The shorter of the two times; empty if the server never purges. The file before the oldest one
   * was purged when its last event was at most as old as the oldest file was at that look.
   */
  Optional<Duration> kept() {
    Optional<Duration> seen =
        Optional.of(Duration.between(oldest.createdAt(), read))
            .filter(age -> oldest.hasPredecessors());
    return seen.map(age -> configured.filter(set -> set.compareTo(age) < 0).orElse(age))
        .or(() -> configured);
  }
}
