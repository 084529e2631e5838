package io.sluice.writer.testkit;

import java.sql.Connection;

/**
 * The methods of a {@link javax.sql.DataSource} that need no database.
 *
 * @param ledger of the transactions on its connections
 */
record MemoryDataSource(Ledger ledger) {

  public Connection getConnection() {
    return WithoutDatabase.proxy(Connection.class, new MemoryConnection(ledger));
  }

  @Override
  public String toString() {
    return "data source of a RecordingOutbox";
  }
}
