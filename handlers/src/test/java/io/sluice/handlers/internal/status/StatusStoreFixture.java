package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sluice.handlers.Overheard;
import io.sluice.handlers.SettableClock;
import io.sluice.handlers.TableLock;
import io.sluice.handlers.TestDataSource;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A store of one shard, which the test runs step by step, and a second connection to its database.
 */
final class StatusStoreFixture implements AutoCloseable {

  static final Duration LINGER = Duration.ofMinutes(1);

  /** Longer than the wait before a retry. */
  static final Duration LATER = Duration.ofSeconds(2);

  final SettableClock clock = new SettableClock();
  final Database database;
  final Connection other;
  final List<String> written = new ArrayList<>();

  /** The prepared statements of the store. */
  final List<String> statements = new CopyOnWriteArrayList<>();

  /** Called before each call of the store's connections. */
  Overheard.Listener whenCalled = (method, sql) -> {};

  /** Appended to the URL of the store's connections. */
  String urlSuffix = "";

  /** Called with each connection that the store borrows. */
  Borrowing whenBorrowed = connection -> {};

  interface Borrowing {
    void called(Connection connection) throws SQLException;
  }

  final ShardStatusStore store;
  private final Sandbox sandbox;

  StatusStoreFixture(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    database = sandbox.database("one");
    database.run(OutboxTable.ddl());
    other = database.connect();
    store =
        new ShardStatusStore(
            ShardId.GLOBAL,
            new TestDataSource() {
              @Override
              public Connection getConnection() throws SQLException {
                return connectStore();
              }
            },
            new WriteBatching(3, LINGER),
            HandlerTimings.PRODUCTION,
            clock);
  }

  private Connection connectStore() throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            database.jdbcUrl() + urlSuffix, database.user(), database.password());
    whenBorrowed.called(connection);
    return Overheard.connection(
        connection,
        (method, sql) -> {
          if (!sql.isEmpty()) {
            statements.add(sql);
          }
          whenCalled.call(method, sql);
        });
  }

  /** A stopped store without requests returns its connection. */
  @Override
  public void close() throws SQLException {
    administer("DROP TRIGGER IF EXISTS `%1$s`.refusing");
    execute("DELETE FROM outbox_events");
    store.stop();
    store.run();
    other.close();
  }

  String event(String room) throws SQLException {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", room)
            .json("{}")
            .build();
    other.setAutoCommit(false);
    new OutboxWriter().append(other, event);
    other.commit();
    other.setAutoCommit(true);
    return event.id().toString();
  }

  /** Creates a row whose outcome is refused for a reason that has no class in MySQL. */
  String refusing() throws SQLException {
    administer(
        """
        CREATE TRIGGER `%1$s`.refusing BEFORE UPDATE ON `%1$s`.outbox_events FOR EACH ROW
        BEGIN
          IF OLD.aggregate_id LIKE 'refusing%%' THEN
            SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'not this one', MYSQL_ERRNO = 1366;
          END IF;
        END
        """);
    return event("refusing");
  }

  FoundRow row(String id) throws SQLException {
    return RowReads.one(other, id);
  }

  RowRequest.Write published(String id) throws SQLException {
    return published(id, false);
  }

  RowRequest.Write published(String id, boolean isAwaited) throws SQLException {
    FoundRow.Present row = assertInstanceOf(FoundRow.Present.class, row(id));
    return new RowRequest.Write(
        id, RowUpdate.published(row.row(), Instant.now()), isAwaited, after -> written.add(id));
  }

  void publish(String id) throws SQLException {
    store.ask(published(id));
  }

  void publishAndTurn(String id) throws Exception {
    publish(id);
    store.runOnce();
  }

  void turnUninterrupted() {
    try {
      store.runOnce();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static RowRequest.Read read(String id, Consumer<Optional<FoundRow.Present>> answer) {
    return read(id, false, answer);
  }

  static RowRequest.Read read(
      String id, boolean withPayload, Consumer<Optional<FoundRow.Present>> answer) {
    return new RowRequest.Read(id, 3, 0, Optional.empty(), withPayload, () -> true, answer);
  }

  List<Confirmation> confirmation(String id, int redrives, Optional<String> transaction)
      throws Exception {
    List<Confirmation> answers = new ArrayList<>();
    store.ask(new RowRequest.Confirm(id, redrives, transaction, answers::add));
    store.runOnce();
    return answers;
  }

  /** The GTID of a transaction that the server has executed. */
  Optional<String> executed() throws SQLException {
    return Optional.of(text("SELECT @@server_uuid") + ":1");
  }

  String lastError(String id) throws SQLException {
    return text("SELECT last_error FROM outbox_events WHERE id = '%s'".formatted(id));
  }

  private String text(String query) throws SQLException {
    try (Statement statement = other.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** The number of row locks in the database that are more than locks of a record. */
  long gapLocks() throws SQLException {
    try (Connection administrator = sandbox.mysql().connect();
        Statement statement = administrator.createStatement();
        ResultSet locks =
            statement.executeQuery(
                """
                SELECT COUNT(*) FROM performance_schema.data_locks
                WHERE object_schema = '%s' AND lock_type = 'RECORD'
                  AND lock_mode NOT LIKE '%%REC_NOT_GAP%%'
                """
                    .formatted(database.name()))) {
      locks.next();
      return locks.getLong(1);
    }
  }

  void administer(String sql) throws SQLException {
    try (Connection administrator = sandbox.mysql().connect();
        Statement statement = administrator.createStatement()) {
      statement.execute(sql.formatted(database.name()));
    }
  }

  /** Kills the only connection to the database besides {@link #other}. */
  void killConnectionOfStore() throws SQLException {
    administer(
        "KILL "
            + text(
                "SELECT id FROM information_schema.processlist"
                    + " WHERE db = DATABASE() AND id <> CONNECTION_ID()"));
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  boolean isWaitedFor(String table) throws SQLException {
    try (Connection administrator = sandbox.mysql().connect();
        Statement statement = administrator.createStatement();
        ResultSet waiting = statement.executeQuery(TableLock.awaited(database.name(), table))) {
      waiting.next();
      return waiting.getInt(1) > 0;
    }
  }

  long waitsForRows() throws SQLException {
    try (Statement statement = other.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT variable_value FROM performance_schema.global_status
                WHERE variable_name = 'Innodb_row_lock_waits'
                """)) {
      row.next();
      return row.getLong(1);
    }
  }
}
