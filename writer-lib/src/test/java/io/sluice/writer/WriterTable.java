package io.sluice.writer;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.junit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The outbox table of a database, for tests that write to it. */
record WriterTable(Database database) {

  /** Creates the table, and drops an earlier one. */
  static WriterTable in(Database database) throws SQLException {
    database.run("DROP TABLE IF EXISTS outbox_events; " + OutboxTable.ddl());
    return new WriterTable(database);
  }

  /** An event of the aggregate order 7; the test sets the payload. */
  static OutboxEvent.Builder event() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created").aggregate("order", "7");
  }

  /** A connection with autocommit off; the caller closes it. */
  Connection transaction() throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  /** Writes the events in one transaction. */
  void append(OutboxWriter writer, OutboxEvent... events) throws SQLException {
    try (Connection connection = transaction()) {
      writer.append(connection, events);
      connection.commit();
    }
  }

  /** The value of the expression for the only row, or {@code (no row)}. */
  String query(String expression) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + expression + " FROM outbox_events")) {
      return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
    }
  }
}
