package io.sluice.writer.testkit;

import java.sql.Connection;

/**
 * The methods of a {@link javax.sql.DataSource} that need no database.
 *
 * @param transactions records the transactions of its connections
 */
record MemoryDataSource(RecordedTransactions transactions) {

  public Connection getConnection() {
    return WithoutDatabase.proxy(Connection.class, new MemoryConnection(transactions));
  }

  @Override
  public String toString() {
    return "data source of a RecordingOutbox";
  }
}
