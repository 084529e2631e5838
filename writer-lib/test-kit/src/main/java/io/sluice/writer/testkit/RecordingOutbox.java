package io.sluice.writer.testkit;

import io.sluice.writer.OutboxWriter;
import io.sluice.writer.OutboxWriterBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * An outbox without a database, for unit tests. Its {@link #writer} is the real {@link
 * OutboxWriter}, with all its checks; only the table is replaced by memory. An event counts as
 * written when its connection's transaction is committed, and not if that is rolled back, in whole
 * or to an earlier savepoint, or its connection closed.
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
 * <p>The connections know transactions and savepoints. What needs a database, such as {@link
 * Connection#prepareStatement}, is a {@link java.sql.SQLFeatureNotSupportedException}.
 *
 * <p>A service with several shards gets one of these for each. Any of their writers will do: events
 * are kept by the outbox whose connection they are appended on. Thread-safe; the connections are
 * not.
 */
public final class RecordingOutbox {

  private final OutboxWriter writer;
  private final Ledger ledger = new Ledger();

  /** With a writer as {@code new OutboxWriter()} makes it. */
  public RecordingOutbox() {
    this(OutboxWriter.builder());
  }

  /** With the serializer, headers and limits of the service; the builder's sink is replaced. */
  public RecordingOutbox(OutboxWriterBuilder settings) {
    writer = settings.sink(MemoryConnection::append).build();
  }

  /** For the service under test. Takes connections of a {@code RecordingOutbox} only. */
  public OutboxWriter writer() {
    return writer;
  }

  /** Gives new connections, in autocommit mode until that is switched off, as a driver does. */
  public DataSource dataSource() {
    return WithoutDatabase.proxy(DataSource.class, new MemoryDataSource(ledger));
  }

  /** A new connection that is not in autocommit mode; the caller commits and closes it. */
  public Connection beginTransaction() throws SQLException {
    MemoryConnection connection = new MemoryConnection(ledger);
    connection.setAutoCommit(false);
    return WithoutDatabase.proxy(Connection.class, connection);
  }

  /**
   * The transactions that have ended, in the order of their ends. One that was committed or rolled
   * back is among them even if nothing was appended; one that merely ended with its connection or
   * its autocommit mode only if something was.
   */
  public List<RecordedTransaction> transactions() {
    return ledger.ended();
  }

  /**
   * The transaction that ended last.
   *
   * @throws AssertionError if none has ended
   */
  public RecordedTransaction lastTransaction() {
    List<RecordedTransaction> ended = transactions();
    if (ended.isEmpty()) {
      throw new AssertionError(
          "no transaction has ended on this outbox: if the code under test leaves the commit to its"
              + " caller, call commit() on the connection before you ask what was written; that"
              + " nothing was begun, transactions() tells");
    }
    return ended.get(ended.size() - 1);
  }
}
