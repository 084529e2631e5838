package io.sluice.writer;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.junit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The outbox table of a database, for tests of what is written into it. */
record WriterTable(Database database) {

  /** An empty one, and no other of before. */
  static WriterTable in(Database database) throws SQLException {
    database.run("DROP TABLE IF EXISTS outbox_events; " + OutboxTable.ddl());
    return new WriterTable(database);
  }

  /** Of the aggregate order 7; the payload is the test's. */
  static OutboxEvent.Builder event() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created").aggregate("order", "7");
  }

  /** A connection with autocommit off; the caller closes it. */
  Connection transaction() throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  /** Writes them in a transaction of their own. */
  void append(OutboxWriter writer, OutboxEvent... events) throws SQLException {
    try (Connection connection = transaction()) {
      writer.append(connection, events);
      connection.commit();
    }
  }

  /** The expression's value for the one row, or {@code (no row)}. */
  String query(String expression) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + expression + " FROM outbox_events")) {
      return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
    }
  }
}
