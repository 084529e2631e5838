package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.TestDataSource;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.internal.status.FoundRow;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.handlers.internal.status.RowReads;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The row determines whether the handler is called, and the connection is returned with its
 * original settings.
 */
@SandboxTest
class RowTransactionsIT {

  private final OutboxEvent event =
      OutboxEvent.builder(EventDomain.CHAT, "message_sent")
          .aggregate("room", "7")
          .json("{}")
          .build();
  private final String id = event.id().toString();
  private final HandledEvent handled =
      HandledEvent.builder(EventDomain.CHAT, "message_sent")
          .id(id)
          .shard(ShardId.GLOBAL)
          .aggregate("room", "7")
          .payload("{}")
          .build();
  private final List<Connection> lent = new ArrayList<>();
  private final Database database;
  private final Connection other;
  private final WatchedConnections pool;
  private final RowTransactions transactions;

  RowTransactionsIT(Sandbox sandbox) throws SQLException {
    database = sandbox.database("one");
    database.run(OutboxTable.ddl());
    other = database.connect();
    pool = new WatchedConnections(database.dataSource());
    transactions = transactionsOn(pool);
  }

  private static RowTransactions transactionsOn(WatchedConnections pool) {
    return new RowTransactions(
        ShardDataSources.of(Map.of(ShardId.GLOBAL, pool)), new ObserverRows());
  }

  @BeforeEach
  void write() throws SQLException {
    other.setAutoCommit(false);
    new OutboxWriter().append(other, event);
    other.commit();
    other.setAutoCommit(true);
  }

  @AfterEach
  void close() throws SQLException {
    pool.close();
    other.close();
  }

  private Outcome run(TransactionalEventHandler handler) {
    return transactions.run(
        handled,
        0,
        (given, connection) -> {
          lent.add(connection);
          handler.handle(given, connection);
        },
        cut -> {});
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void set(Connection connection, String columns) throws SQLException {
    execute(connection, "UPDATE outbox_events SET " + columns + " WHERE id = '" + id + "'");
  }

  /** The row, which must not be locked. */
  private RowState row() throws SQLException {
    return assertInstanceOf(FoundRow.Present.class, RowReads.one(other, id)).row();
  }

  @Test
  void aFinishedRowIsNotDue() throws Exception {
    set(other, "status = 'PUBLISHED', published_at = NOW(6)");

    assertEquals(new Outcome.NotDue(Optional.of(row())), run((given, connection) -> {}));
    assertEquals(List.of(), lent);
  }

  @Test
  void aRowThatWasRedrivenSinceTheRecordIsNotDue() throws Exception {
    set(other, "headers = JSON_OBJECT('outbox-redrive', '1')");

    assertEquals(new Outcome.NotDue(Optional.of(row())), run((given, connection) -> {}));
    assertEquals(List.of(), lent);
  }

  @Test
  void aRowThatIsGoneIsNotDue() throws Exception {
    execute(other, "DELETE FROM outbox_events WHERE id = '" + id + "'");

    assertEquals(new Outcome.NotDue(Optional.empty()), run((given, connection) -> {}));
  }

  @Test
  void aLockedRowIsInconclusive() throws Exception {
    other.setAutoCommit(false);
    RowReads.locking(other, List.of(id));

    Outcome.Inconclusive result =
        assertInstanceOf(Outcome.Inconclusive.class, run((given, connection) -> {}));
    assertEquals("the row of event " + id + " is locked", result.cause().getMessage());
    assertEquals(List.of(), lent);
    other.rollback();
  }

  @Test
  void theRowIsHeldWhileTheHandlerWorks() throws Exception {
    List<FoundRow> meanwhile = new ArrayList<>();
    Outcome result = run((given, connection) -> meanwhile.add(RowReads.one(other, id)));

    assertInstanceOf(Outcome.Committed.class, result);
    assertEquals(List.of(new FoundRow.Locked()), meanwhile);
    assertEquals(OutboxStatus.PUBLISHED, row().status());
  }

  @Test
  void aHandlerThatFinishesItsOwnRowHasFailed() throws Exception {
    RowState before = row();
    for (String change : List.of("status = 'FAILED'", "id = 'another'")) {
      Outcome.Failed result =
          assertInstanceOf(
              Outcome.Failed.class, run((given, connection) -> set(connection, change)));

      assertEquals(
          "the handler has changed or removed the row of its own event",
          result.cause().getMessage());
      assertEquals(before, row());
    }
  }

  /** The next caller of the pool would have the locks. */
  @Test
  void aConnectionWhoseTransactionHasEndedIsAborted() throws Exception {
    Outcome result =
        run((given, connection) -> execute(connection, "LOCK TABLES outbox_events WRITE"));

    assertInstanceOf(Outcome.Failed.class, result);
    assertTrue(pool.wasAborted());
  }

  /** It may have the database of another shard. */
  @Test
  void aConnectionOnWhichTheRowIsNoLongerFoundIsAborted() throws Exception {
    run((given, connection) -> set(connection, "id = 'another'"));
    assertTrue(pool.wasAborted());
  }

  @Test
  void theConnectionIsAGuestsToTheEndOfTheCall() throws Exception {
    run(
        (given, connection) ->
            assertThrows(SQLException.class, () -> connection.abort(Runnable::run)));

    SQLException kept =
        assertThrows(SQLException.class, () -> lent.get(0).createStatement().close());
    assertEquals(
        "this connection was lent to a handler for the time of its call, which has ended: do not"
            + " keep it",
        kept.getMessage());
    assertTrue(pool.wasGivenBack());
  }

  @Test
  void theConnectionIsGivenBackAsItWas() throws Exception {
    run((given, connection) -> {});
    assertTrue(pool.target().getAutoCommit());
    assertTrue(pool.wasGivenBack());
  }

  @Test
  void nothingIsHeldAfterwardsOnAConnectionThatDoesNotCommitByItself() throws Exception {
    pool.target().setAutoCommit(false);
    set(other, "status = 'PUBLISHED', published_at = NOW(6)");

    assertInstanceOf(Outcome.NotDue.class, run((given, connection) -> {}));
    assertFalse(pool.target().getAutoCommit());
    other.setAutoCommit(false);
    assertEquals(1, RowReads.locking(other, List.of(id)).size());
    other.rollback();
  }

  @Test
  void norWhereTheRowIsGone() throws Exception {
    pool.target().setAutoCommit(false);
    execute(other, "DELETE FROM outbox_events WHERE id = '" + id + "'");

    assertInstanceOf(Outcome.NotDue.class, run((given, connection) -> {}));
    execute(other, "SET SESSION innodb_lock_wait_timeout = 1");
    write();
    assertEquals(OutboxStatus.PENDING, row().status());
  }

  @Test
  void aConnectionThatCannotBeLeftAsItWasIsAborted() throws Exception {
    set(other, "status = 'UNHEARD_OF'");

    assertInstanceOf(Outcome.Inconclusive.class, run((given, connection) -> {}));
    assertTrue(pool.wasAborted());
  }

  @Test
  void onlyTheRowKnowsWhatBecameOfACommitWithoutAnAnswer() throws Exception {
    pool.loseAnswers();

    assertInstanceOf(Outcome.Unconfirmed.class, run((given, connection) -> {}));
    assertEquals(OutboxStatus.PUBLISHED, row().status());
  }

  @Test
  void aFailureOnAConnectionThatDoesNotAnswerIsNotTheEvents() throws Exception {
    pool.forgoRollbacks();
    Outcome result =
        run(
            (given, connection) -> {
              pool.target().close();
              throw new IllegalStateException("what the handler makes of it");
            });

    assertInstanceOf(Outcome.Doubtful.class, result);
    assertEquals(OutboxStatus.PENDING, row().status());
  }

  /** Each of them is a round trip. The documentation has these numbers. */
  @Test
  void aCallTakesSevenStatementsAndFiveWhereNoneSwitchesAutoCommit() throws Exception {
    assertEquals(7, statementsOfACall(pool));

    execute(other, "DELETE FROM outbox_events");
    write();
    try (WatchedConnections lean = new WatchedConnections(leanSource())) {
      assertEquals(5, statementsOfACall(lean));
    }
  }

  private long statementsOfACall(WatchedConnections connections) throws Exception {
    long before = statements(connections);
    Outcome result =
        transactionsOn(connections).run(handled, 0, (given, connection) -> {}, cut -> {});
    assertInstanceOf(Outcome.Committed.class, result);
    // The question itself is one.
    return statements(connections) - before - 1;
  }

  private static long statements(WatchedConnections connections) throws SQLException {
    try (Statement statement = connections.target().createStatement();
        ResultSet status = statement.executeQuery("SHOW SESSION STATUS LIKE 'Questions'")) {
      status.next();
      return status.getLong(2);
    }
  }

  private DataSource leanSource() {
    return new TestDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl() + "?useLocalSessionState=true",
                database.user(),
                database.password());
        connection.setAutoCommit(false);
        return connection;
      }
    };
  }
}
