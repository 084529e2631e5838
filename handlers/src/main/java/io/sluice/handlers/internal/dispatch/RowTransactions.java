package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.internal.status.FoundRow;
import io.sluice.handlers.internal.status.RowReads;
import io.sluice.handlers.internal.status.RowRefusal;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.RowUpdate;
import io.sluice.handlers.internal.status.RowWrites;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardDataSources;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls transactional handlers. The handler's effects and the change of the event's status are one
 * transaction of the shard. Each call borrows a connection. Thread-safe.
 */
final class RowTransactions {

  private static final Logger LOG = LoggerFactory.getLogger(RowTransactions.class);

  private static final int SECONDS_TO_ANSWER = 2;

  private static final String PUBLISHED =
      """
      UPDATE outbox_events SET status = 'PUBLISHED', published_at = ?, updated_at = ?
      WHERE id = ? AND status IN ('PENDING', 'RETRY')
      """;

  private final ShardDataSources shards;
  private final Rows rows;

  RowTransactions(ShardDataSources shards, Rows rows) {
    this.shards = shards;
    this.rows = rows;
  }

  /**
   * Calls a handler.
   *
   * @param redrives the number of redrives of the last read row; if it has changed, the handler is
   *     not called
   * @param lent receives an action that aborts the connection
   */
  Outcome run(
      HandledEvent event,
      int redrives,
      TransactionalEventHandler handler,
      Consumer<Runnable> lent) {
    Connection connection;
    try {
      connection = shards.get(event.shard()).getConnection();
    } catch (Throwable e) {
      // Data sources throw undeclared exceptions, for example if a pool is closed.
      return new Outcome.Inconclusive(e);
    }
    lent.accept(() -> cut(connection));
    rows.connectionTaken(event.shard());
    try {
      return on(connection, event, redrives, handler);
    } finally {
      // From here on, the pool may lend the connection to another caller.
      lent.accept(() -> {});
      close(connection);
      rows.connectionReturned(event.shard());
    }
  }

  private static Outcome on(
      Connection connection, HandledEvent event, int redrives, TransactionalEventHandler handler) {
    try {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      Outcome result = inTransaction(connection, event, redrives, handler);
      if (autoCommit) {
        restoreAutoCommit(connection);
      }
      return result;
    } catch (Throwable e) {
      // Drivers also throw undeclared exceptions. The pool must not lend the connection with an
      // open transaction.
      cut(connection);
      return new Outcome.Inconclusive(e);
    }
  }

  private static void restoreAutoCommit(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (Throwable e) {
      // The outcome is not affected.
      cut(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (Throwable e) {
      LOG.debug("a connection could not be returned", e);
    }
  }

  private static void cut(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (Throwable e) {
      LOG.debug("a connection could not be cut", e);
    }
  }

  private static Outcome inTransaction(
      Connection connection, HandledEvent event, int redrives, TransactionalEventHandler handler)
      throws SQLException {
    execute(connection, "SAVEPOINT sluice_event");
    Map<String, RowState> held = RowReads.locking(connection, List.of(event.id()));
    RowState row = held.get(event.id());
    if (row == null) {
      return notLocked(connection, event.id());
    }
    if (row.status().isFinal() || row.redrives() != redrives) {
      connection.rollback();
      return new Outcome.NotDue(Optional.of(row));
    }
    return handle(connection, row, event, handler);
  }

  private static Outcome notLocked(Connection connection, String id) throws SQLException {
    FoundRow found = RowReads.one(connection, id);
    connection.rollback();
    if (found instanceof FoundRow.Gone) {
      return new Outcome.NotDue(Optional.empty());
    }
    String why =
        found instanceof FoundRow.Unreadable unreadable
            ? unreadable.why()
            : "the row of event %s is locked".formatted(id);
    return new Outcome.Inconclusive(new SQLException(why));
  }

  /** Throws nothing, because the handler has already been called. */
  private static Outcome handle(
      Connection connection, RowState row, HandledEvent event, TransactionalEventHandler handler) {
    try (GuestConnection guest = new GuestConnection(connection)) {
      handler.handle(event, guest.connection());
    } catch (Throwable e) {
      return failed(connection, e);
    }
    try {
      // A statement, because drivers before 8.2 ignore releaseSavepoint(). It fails if the
      // transaction ended during the call, because the handler swallowed a deadlock or executed a
      // statement that commits. The effects are then lost, and the status must not be written.
      execute(connection, "RELEASE SAVEPOINT sluice_event");
    } catch (Throwable e) {
      return failedAndCut(
          connection,
          new SQLException(
              "the transaction of the handler has ended before it returned: let it throw what the"
                  + " database throws, and use no statement that commits",
              e));
    }
    return publish(connection, row, event.id());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Outcome publish(Connection connection, RowState row, String id) {
    RowUpdate update = RowUpdate.published(row, Instant.now());
    try {
      if (!isWritten(connection, update, id)) {
        return failedAndCut(
            connection,
            new SQLException("the handler has changed or removed the row of its own event"));
      }
    } catch (Throwable e) {
      return unpublished(connection, e);
    }
    try {
      connection.commit();
    } catch (Throwable e) {
      cut(connection);
      return new Outcome.Unconfirmed(e);
    }
    return new Outcome.Committed(row.after(update));
  }

  private static boolean isWritten(Connection connection, RowUpdate update, String id)
      throws SQLException {
    LocalDateTime at = RowWrites.utc(update.at());
    try (PreparedStatement statement = connection.prepareStatement(PUBLISHED)) {
      statement.setObject(1, at);
      statement.setObject(2, at);
      statement.setString(3, id);
      return statement.executeUpdate() == 1;
    }
  }

  private static Outcome unpublished(Connection connection, Throwable cause) {
    if (RowRefusal.isReadOnlyBehind(cause)) {
      return unfinished(connection, cause);
    }
    return isOfTheShard(cause)
        ? doubtful(connection, cause)
        : failedAndCut(
            connection,
            new SQLException(
                "the status of the event cannot be written after its handler: let it leave the"
                    + " connection's database, account and settings as they are",
                cause));
  }

  /** Whether the cause is a row lock, or an error that the shard may have caused. */
  private static boolean isOfTheShard(Throwable cause) {
    return cause instanceof SQLException sql
        && switch (RowRefusal.of(sql)) {
          case LOCKED, UNKNOWN -> true;
          case INVALID, READ_ONLY, NONE -> false;
        };
  }

  /**
   * Cuts the connection, because the pool must not lend it as the handler has left it: with another
   * database, locked tables or other settings.
   */
  private static Outcome failedAndCut(Connection connection, SQLException cause) {
    try {
      return failed(connection, cause);
    } finally {
      cut(connection);
    }
  }

  private static Outcome failed(Connection connection, Throwable cause) {
    if (RowRefusal.isReadOnlyBehind(cause)) {
      return unfinished(connection, cause);
    }
    try {
      connection.rollback();
      if (connection.isValid(SECONDS_TO_ANSWER)) {
        // The handler's exception may hide the cause.
        return RowReads.isReadOnly(connection)
            ? unfinished(connection, cause)
            : Outcome.ofFailure(cause);
      }
    } catch (Throwable e) {
      cause.addSuppressed(e);
    }
    return doubtful(connection, cause);
  }

  /**
   * Aborts the connection to a server that is no longer the shard's primary. A new connection may
   * lead to the new one.
   */
  private static Outcome unfinished(Connection connection, Throwable cause) {
    cut(connection);
    return new Outcome.Inconclusive(cause);
  }

  private static Outcome doubtful(Connection connection, Throwable cause) {
    cut(connection);
    return Outcome.ofDoubt(cause);
  }
}
