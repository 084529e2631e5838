package io.sluice.relay.mysql;

import io.sluice.relay.RelayFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Counts the rows that a server reads for a connection, including those that it does not return.
 */
public final class RowReads {

  private RowReads() {}

  /** Statements to run on the connection. */
  public interface Step {
    void run() throws SQLException;
  }

  /** Number of index entries and rows that the server reads for the step. */
  public static long of(Connection connection, Step step) throws SQLException {
    long before = count(connection);
    step.run();
    return count(connection) - before;
  }

  private static long count(Connection connection) throws SQLException {
    long reads = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
      while (row.next()) {
        reads += row.getLong(2);
      }
    }
    return reads;
  }

  /**
   * Inserts rows with the ids {@code prefix-00001} and following; {@code createdAt} is an SQL
   * expression.
   */
  public static void insert(
      RelayFixture fixture, String prefix, int count, String status, String createdAt)
      throws SQLException {
    fixture
        .database(0)
        .run(
            """
            INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
              event_data, status, created_at, updated_at, published_at)
            SELECT CONCAT('%s-', LPAD(n, 5, '0')), 'CHAT', 't', 'a', '1', '{}', '%s', %s, %s,
              IF('%s' = 'PUBLISHED', UTC_TIMESTAMP(6), NULL)
            FROM (WITH RECURSIVE counter (n) AS
              (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < %d)
              SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000) */ n FROM counter) c"""
                .formatted(prefix, status, createdAt, createdAt, status, count));
  }
}
