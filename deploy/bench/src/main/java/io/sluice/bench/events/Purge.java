package io.sluice.bench.events;

import io.sluice.sandbox.server.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What a server still has to do in the background for transactions that have ended. */
public final class Purge {

  /** A server that rests keeps a few transactions in its history. */
  private static final long RESTING = 20;

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final long LOOK_EVERY_MILLIS = 50;

  private Purge() {}

  /**
   * Waits until the server has removed the old versions of rows, so that a contender does not pay
   * for the one before it.
   */
  public static void await(MySqlServer server) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      long left = history(statement);
      while (left > RESTING) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(
              ("the server still has old versions of rows of %d transactions after %d s: others"
                      + " write to it, or keep a transaction open")
                  .formatted(left, BOUND.toSeconds()));
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
        left = history(statement);
      }
    }
  }

  private static long history(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count FROM information_schema.innodb_metrics"
                + " WHERE name = 'trx_rseg_history_len' AND status = 'enabled'")) {
      if (!row.next()) {
        throw new IllegalStateException(
            "the server does not count trx_rseg_history_len: set innodb_monitor_enable for it");
      }
      return row.getLong(1);
    }
  }
}
