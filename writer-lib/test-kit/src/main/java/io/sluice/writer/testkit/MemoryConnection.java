package io.sluice.writer.testkit;

import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.EventInsertException;
import io.sluice.writer.EventRow;
import io.sluice.writer.testkit.RecordedTransaction.Outcome;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The methods of a {@link Connection} that need no database, with the events of its open
 * transaction. Like any connection, it is used by one thread at a time.
 */
final class MemoryConnection {

  private static final String READ_ONLY_TRANSACTION = "25006";
  private static final String DUPLICATE_KEY = "23000";
  private static final int ER_DUP_ENTRY = 1062;

  private final RecordedTransactions transactions;
  private final List<EventRow> appended = new ArrayList<>();
  private final List<MemorySavepoint> savepoints = new ArrayList<>();
  private boolean autoCommit = true;
  private boolean readOnly;
  private boolean closed;
  private int isolation = Connection.TRANSACTION_REPEATABLE_READ;
  private int lastSavepoint;

  MemoryConnection(RecordedTransactions transactions) {
    this.transactions = transactions;
  }

  /** The sink of the writer of a {@link RecordingOutbox}. */
  static void append(Connection connection, List<EventRow> rows) {
    try {
      connection.unwrap(MemoryConnection.class).append(rows);
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "the connection %s is not one of a RecordingOutbox: use dataSource() or beginTransaction(),"
                  .formatted(connection.getClass().getName())
              + " or test with a real OutboxWriter",
          e);
    }
  }

  // Appends all rows or none, like a statement.
  private void append(List<EventRow> rows) {
    List<OutboxEvent> events = rows.stream().map(EventRow::event).toList();
    try {
      requireOpen();
      if (readOnly) {
        throw new SQLException("the connection is read-only", READ_ONLY_TRANSACTION);
      }
      requireNewIds(events);
    } catch (SQLException e) {
      throw new EventInsertException(events, e);
    }
    appended.addAll(rows);
  }

  private void requireNewIds(List<OutboxEvent> events) throws SQLException {
    Set<UUID> ids = transactions.ids();
    appended.forEach(row -> ids.add(row.event().id()));
    for (OutboxEvent event : events) {
      if (!ids.add(event.id())) {
        throw new SQLIntegrityConstraintViolationException(
            "duplicate id " + event.id(), DUPLICATE_KEY, ER_DUP_ENTRY);
      }
    }
  }

  public void commit() throws SQLException {
    requireTransaction("commit");
    end(Outcome.COMMITTED);
  }

  public void rollback() throws SQLException {
    requireTransaction("rollback");
    end(Outcome.ROLLED_BACK);
  }

  private void end(Outcome outcome) {
    transactions.ended(outcome, appended);
    appended.clear();
    savepoints.clear();
  }

  private void endIfBegun(Outcome outcome) {
    if (!appended.isEmpty()) {
      end(outcome);
    }
  }

  public Savepoint setSavepoint() throws SQLException {
    return setSavepoint("savepoint-" + (lastSavepoint + 1));
  }

  public Savepoint setSavepoint(String name) throws SQLException {
    requireTransaction("setSavepoint");
    MemorySavepoint savepoint = new MemorySavepoint(++lastSavepoint, name, appended.size());
    savepoints.add(savepoint);
    return savepoint;
  }

  public void rollback(Savepoint savepoint) throws SQLException {
    int position = position(savepoint);
    appended.subList(savepoints.get(position).appendedBefore(), appended.size()).clear();
    savepoints.subList(position + 1, savepoints.size()).clear();
  }

  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    savepoints.subList(position(savepoint), savepoints.size()).clear();
  }

  private int position(Savepoint savepoint) throws SQLException {
    requireOpen();
    int position = savepoints.indexOf(savepoint);
    if (position < 0) {
      throw new SQLException("the savepoint belongs to another transaction, or is released");
    }
    return position;
  }

  /** Turning autocommit on commits the open transaction, as JDBC specifies. */
  public void setAutoCommit(boolean value) throws SQLException {
    requireOpen();
    if (value) {
      endIfBegun(Outcome.COMMITTED);
    }
    autoCommit = value;
  }

  public boolean getAutoCommit() throws SQLException {
    requireOpen();
    return autoCommit;
  }

  public void setReadOnly(boolean value) throws SQLException {
    requireOpen();
    readOnly = value;
  }

  public boolean isReadOnly() throws SQLException {
    requireOpen();
    return readOnly;
  }

  public void setTransactionIsolation(int level) throws SQLException {
    requireOpen();
    isolation = level;
  }

  public int getTransactionIsolation() throws SQLException {
    requireOpen();
    return isolation;
  }

  public void close() {
    endIfBegun(Outcome.ROLLED_BACK);
    closed = true;
  }

  public boolean isClosed() {
    return closed;
  }

  public boolean isValid(int seconds) {
    return !closed;
  }

  /** Frameworks call this to find out whether savepoints are supported. */
  public DatabaseMetaData getMetaData() {
    return WithoutDatabase.proxy(DatabaseMetaData.class, new MemoryMetaData());
  }

  public @Nullable Object getWarnings() {
    return null;
  }

  public void clearWarnings() {}

  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  public Object unwrap(Class<?> type) throws SQLException {
    if (!isWrapperFor(type)) {
      throw new SQLException("a connection of a RecordingOutbox does not wrap a " + type.getName());
    }
    return this;
  }

  private void requireTransaction(String call) throws SQLException {
    requireOpen();
    if (autoCommit) {
      throw new SQLException(
          call + " in autocommit mode: call setAutoCommit(false) before your transaction");
    }
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLNonTransientConnectionException("the connection is closed", "08003");
    }
  }

  @Override
  public String toString() {
    return "connection of a RecordingOutbox";
  }
}
