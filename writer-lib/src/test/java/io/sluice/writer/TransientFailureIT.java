package io.sluice.writer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures of MySQL and its driver that are transient, and others that are not. */
@SandboxTest
@Timeout(60)
class TransientFailureIT {

  private final Sandbox sandbox;
  private final Database database;
  private final WriterTable table;
  private final OutboxWriter writer = new OutboxWriter();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  TransientFailureIT(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    database = sandbox.database("shard");
    table = WriterTable.in(database);
  }

  @AfterEach
  void endThread() {
    thread.shutdownNow();
  }

  private static OutboxEvent event(UUID id) {
    return WriterTable.event().id(id).json("{}").build();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void runAsAdministrator(String sql) throws SQLException {
    try (Connection admin = sandbox.mysql().connect()) {
      run(admin, sql);
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private EventInsertException refusal(Connection connection, OutboxEvent event) {
    return assertThrows(
        EventInsertException.class, () -> writer.append(connection, event), "event is accepted");
  }

  private static int code(OutboxWriterException failure) {
    return failure.getCause() instanceof SQLException cause ? cause.getErrorCode() : -1;
  }

  /** Each waits for the id of the other. MySQL rolls back the transaction with fewer changes. */
  @Test
  void aDeadlockIsTransient() throws Exception {
    UUID one = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    try (Connection heavy = table.transaction();
        Connection victim = table.transaction()) {
      writer.append(
          heavy, IntStream.range(0, 100).mapToObj(i -> event(UUID.randomUUID())).toList());
      writer.append(heavy, event(one));
      writer.append(victim, event(other));
      Future<?> waiting = thread.submit(() -> writer.append(heavy, event(other)));

      EventInsertException refused = refusal(victim, event(one));

      assertEquals(1213, code(refused));
      assertTrue(refused.isTransient());
      assertTrue(
          String.valueOf(refused.getMessage()).endsWith("then try the whole transaction again"),
          refused.getMessage());
      waiting.get(30, TimeUnit.SECONDS);
      victim.rollback();
      heavy.rollback();
    }
  }

  @Test
  void aLockWaitTimeoutIsTransient() throws SQLException {
    UUID id = UUID.randomUUID();
    try (Connection holder = table.transaction();
        Connection waiting = table.transaction()) {
      writer.append(holder, event(id));
      run(waiting, "SET SESSION innodb_lock_wait_timeout = 1");

      EventInsertException refused = refusal(waiting, event(id));

      assertEquals(1205, code(refused));
      assertTrue(refused.isTransient());
      waiting.rollback();
      holder.rollback();
    }
  }

  @Test
  void aCancelledStatementIsTransient() throws Exception {
    UUID id = UUID.randomUUID();
    try (Connection holder = table.transaction();
        Connection waiting = table.transaction()) {
      writer.append(holder, event(id));
      long session = number(waiting, "SELECT CONNECTION_ID()");
      Future<EventInsertException> refused = thread.submit(() -> refusal(waiting, event(id)));
      awaitLockWait(session);
      runAsAdministrator("KILL QUERY " + session);

      assertEquals(1317, code(refused.get(30, TimeUnit.SECONDS)));
      assertTrue(refused.get().isTransient());
      waiting.rollback();
      holder.rollback();
    }
  }

  private void awaitLockWait(long session) throws SQLException {
    String waits =
        "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
            + " AND trx_mysql_thread_id = "
            + session;
    try (Connection admin = sandbox.mysql().connect()) {
      await("the insert waits for a lock").until(() -> number(admin, waits) == 1);
    }
  }

  @Test
  void aLostConnectionIsTransientAtOnceAndAfterwards() throws SQLException {
    try (Connection connection = table.transaction()) {
      runAsAdministrator("KILL " + number(connection, "SELECT CONNECTION_ID()"));

      assertTrue(refusal(connection, event(UUID.randomUUID())).isTransient());
      assertTrue(refusal(connection, event(UUID.randomUUID())).isTransient());
    }
  }

  /** A trigger raises the error of a read-only server, because other tests share this server. */
  @Test
  void aServerThatIsReadOnlySinceAFailoverIsTransient() throws SQLException {
    runAsAdministrator(
        """
        CREATE TRIGGER `%1$s`.read_only BEFORE INSERT ON `%1$s`.outbox_events FOR EACH ROW
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290"""
            .formatted(database.name()));
    try (Connection connection = table.transaction()) {
      EventInsertException refused = refusal(connection, event(UUID.randomUUID()));

      assertEquals(1290, code(refused));
      assertTrue(refused.isTransient());
    }
  }

  @Test
  void aReadOnlyTransactionIsNotTransient() throws SQLException {
    try (Connection connection = table.transaction()) {
      run(connection, "START TRANSACTION READ ONLY");

      EventInsertException refused = refusal(connection, event(UUID.randomUUID()));

      assertEquals(1792, code(refused));
      assertFalse(refused.isTransient());
      connection.rollback();
    }
  }

  @Test
  void refusedDataAndAMissingTableAreNotTransient() throws SQLException {
    OutboxEvent event = event(UUID.randomUUID());
    try (Connection connection = table.transaction()) {
      writer.append(connection, event);
      EventInsertException again = refusal(connection, event);
      assertEquals(1062, code(again));
      assertFalse(again.isTransient());
      connection.rollback();

      database.run("ALTER TABLE outbox_events MODIFY event_data JSON NOT NULL");
      EventInsertException noJson =
          refusal(connection, event.toBuilder().payload("not JSON").build());
      assertEquals(3140, code(noJson));
      assertFalse(noJson.isTransient());
      connection.rollback();

      database.run("DROP TABLE outbox_events");
      EventInsertException noTable = refusal(connection, event);
      assertEquals(1146, code(noTable));
      assertFalse(noTable.isTransient());
    }
  }

  @Test
  void aMissingConnectionIsTransientUnlessTheAccountIsRefused() throws SQLException {
    Account account =
        sandbox.account("single", "INSERT ON `%s`.outbox_events".formatted(database.name()));
    runAsAdministrator("ALTER USER '%s' WITH MAX_USER_CONNECTIONS 1".formatted(account.user()));
    try (Connection only = account.connect(database)) {
      TransactionException full = opening(account);
      assertTrue(full.isTransient(), full::getMessage);
      assertTrue(only.isValid(5));
    }

    Login wrong = new Login(account.user(), "wrong");
    TransactionException refused = opening(new Account(account.server(), wrong));
    assertEquals(1045, code(refused));
    assertFalse(refused.isTransient());
    assertTrue(
        String.valueOf(refused.getMessage()).endsWith("correct this before you try again"),
        refused.getMessage());

    MySqlAddress closedPort =
        new MySqlAddress("127.0.0.1", 1, account.server().parameters(), account.login());
    assertTrue(opening(new Account(closedPort, account.login())).isTransient());
  }

  private TransactionException opening(Account account) {
    Database reached = new Database(database.name(), account);
    OutboxService service =
        new OutboxService(
            ShardDataSources.of(Map.of(ShardId.GLOBAL, reached.dataSource())), writer);
    return assertThrows(
        TransactionException.class,
        () -> service.publish(ShardId.GLOBAL, event(UUID.randomUUID())));
  }
}
