package io.sluice.writer.testkit;

import io.sluice.writer.OutboxWriter;
import io.sluice.writer.OutboxWriterBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * An outbox without a database, for unit tests. Its {@link #writer} is a real {@link OutboxWriter}
 * with all its checks; only the table is replaced by memory. An event counts as written when its
 * transaction is committed, but not if the transaction is rolled back, completely or to an earlier
 * savepoint, or its connection is closed.
 *
 * <pre>{@code
 * RecordingOutbox outbox = new RecordingOutbox();
 * OrderService orders = new OrderService(outbox.writer());
 *
 * try (Connection connection = outbox.beginTransaction()) {
 *   orders.place(connection, order);
 *   connection.commit();
 * }
 *
 * assertThatTransaction(outbox.lastTransaction())
 *     .wroteExactly(event("order_created").ofDomain(PORTFOLIO).aggregate("order", "42"));
 * }</pre>
 *
 * <p>The connections support transactions and savepoints. Methods that need a database, such as
 * {@link Connection#prepareStatement}, throw {@link java.sql.SQLFeatureNotSupportedException}.
 *
 * <p>For several shards create one outbox for each. Any of their writers can be used: the
 * connection determines which outbox records the events. Thread-safe; the connections are not.
 */
public final class RecordingOutbox {

  private final OutboxWriter writer;
  private final RecordedTransactions transactions = new RecordedTransactions();

  /** Uses the defaults of {@link OutboxWriter#OutboxWriter()}. */
  public RecordingOutbox() {
    this(OutboxWriter.builder());
  }

  /** Uses the service's serializer, headers and limits; replaces the builder's sink. */
  public RecordingOutbox(OutboxWriterBuilder settings) {
    writer = settings.sink(MemoryConnection::append).build();
  }

  /**
   * The writer for the service under test. Accepts only connections of a {@code RecordingOutbox}.
   */
  public OutboxWriter writer() {
    return writer;
  }

  /** Returns new connections, which are in autocommit mode, like those of a driver. */
  public DataSource dataSource() {
    return WithoutDatabase.proxy(DataSource.class, new MemoryDataSource(transactions));
  }

  /** Returns a new connection with autocommit off; the caller commits and closes it. */
  public Connection beginTransaction() throws SQLException {
    MemoryConnection connection = new MemoryConnection(transactions);
    connection.setAutoCommit(false);
    return WithoutDatabase.proxy(Connection.class, connection);
  }

  /**
   * The ended transactions in the order in which they ended. Includes transactions without events
   * if they were ended by {@code commit()} or {@code rollback()}.
   */
  public List<RecordedTransaction> transactions() {
    return transactions.ended();
  }

  /**
   * Returns the transaction that ended last.
   *
   * @throws AssertionError if none has ended
   */
  public RecordedTransaction lastTransaction() {
    List<RecordedTransaction> ended = transactions();
    if (ended.isEmpty()) {
      throw new AssertionError(
          "no transaction has ended on this outbox: if the code under test leaves the commit to its"
              + " caller, call commit() on the connection before the assertion; to assert that there"
              + " was no transaction, use transactions()");
    }
    return ended.get(ended.size() - 1);
  }
}
