package io.sluice.redrive;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ParkedBehind;
import io.sluice.sandbox.junit.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outbox table of a database, with methods to insert rows in any state. */
record OutboxRows(Database database) {

  private static final String INSERT =
      """
      INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
        status, retry_count, last_error, created_at, updated_at, published_at)
      VALUES (?, 'PORTFOLIO', 'order_created', 'order', ?, '{"b": 1,  "a": 100.00}', ?, 3, ?,
        '2026-01-02 03:04:05.678901', UTC_TIMESTAMP(6) - INTERVAL 1 HOUR,
        IF(? = 'PUBLISHED', UTC_TIMESTAMP(6), NULL))""";

  static OutboxRows in(Database database) throws SQLException {
    database.run("DROP TABLE IF EXISTS reference, outbox_events");
    database.run(OutboxTable.ddl());
    return new OutboxRows(database);
  }

  OutboxRows failed(String id, String order) throws SQLException {
    return insert(id, order, "FAILED", "java.net.ConnectException: Connection refused");
  }

  OutboxRows parked(String id, String order, String head) throws SQLException {
    return insert(id, order, "FAILED", new ParkedBehind(head).lastError());
  }

  OutboxRows pending(String id, String order) throws SQLException {
    return insert(id, order, "PENDING", null);
  }

  OutboxRows retry(String id, String order) throws SQLException {
    return insert(id, order, "RETRY", "java.lang.IllegalStateException");
  }

  OutboxRows published(String id, String order) throws SQLException {
    return insert(id, order, "PUBLISHED", null);
  }

  private OutboxRows insert(String id, String order, String status, @Nullable String error)
      throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, id);
      insert.setString(2, order);
      insert.setString(3, status);
      insert.setString(4, error);
      insert.setString(5, status);
      insert.executeUpdate();
    }
    return this;
  }

  /** Id, status, failed attempts and redrives of each row. */
  List<String> states() throws SQLException {
    return texts(
        """
        SELECT CONCAT_WS(' ', id, status, retry_count, headers->>'$."outbox-redrive"')
        FROM outbox_events ORDER BY id""");
  }

  /** The first column of all rows. */
  List<String> texts(String query) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
      return texts;
    }
  }

  void run(String script) throws SQLException {
    database.run(script);
  }
}
