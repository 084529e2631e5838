package io.sluice.bench.events;

import io.sluice.sandbox.server.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What a server still has to do in the background for transactions that have ended. */
final class Purge {

  /** Transactions of the server's own may end while it is looked at. */
  private static final long RESTING = 5;

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final long LOOK_EVERY_MILLIS = 50;

  private Purge() {}

  /**
   * Waits until a server of this run has removed the old versions of rows, so that a contender does
   * not pay for the one before it. The settings of a server of others are left alone, and its
   * history says nothing about this run.
   */
  static void await(MySqlServer server) throws SQLException, InterruptedException {
    if (!server.isOurs()) {
      return;
    }
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      // Otherwise a server that rests does not shorten its history.
      statement.execute("SET GLOBAL innodb_purge_rseg_truncate_frequency = 1");
      try {
        await(statement);
      } finally {
        statement.execute("SET GLOBAL innodb_purge_rseg_truncate_frequency = DEFAULT");
      }
    }
  }

  private static void await(Statement statement) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    for (long left = history(statement); left > RESTING; left = history(statement)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            ("MySQL still has old versions of rows of %d transactions after %d s: a process that"
                    + " has ended left a transaction open, or the machine is too busy to measure")
                .formatted(left, BOUND.toSeconds()));
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private static long history(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count FROM information_schema.innodb_metrics"
                + " WHERE name = 'trx_rseg_history_len' AND status = 'enabled'")) {
      if (!row.next()) {
        throw new IllegalStateException("MySQL does not count trx_rseg_history_len");
      }
      return row.getLong(1);
    }
  }
}
