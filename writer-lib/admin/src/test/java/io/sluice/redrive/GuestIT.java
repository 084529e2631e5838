package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveOutcome.Done;
import io.sluice.repository.EventKey;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redrive leaves connections unchanged, needs few privileges, and is atomic. */
@SandboxTest
class GuestIT {

  private static final ShardId SHARD = ShardId.of(0);
  private static final EventKey KEY = new EventKey(SHARD, "1");

  private final Sandbox sandbox;
  private OutboxRows rows;

  GuestIT(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    rows = OutboxRows.in(sandbox.database("zero"));
  }

  @BeforeEach
  void makeTable() throws SQLException {
    rows = OutboxRows.in(rows.database());
    rows.failed("1", "7").parked("2", "7", "1").pending("3", "7");
  }

  private static Redrive on(DataSource source) {
    return new Redrive(ShardDataSources.of(Map.of(SHARD, source)));
  }

  /** A pool with one connection. */
  private static DataSource lending(Connection connection) {
    Object lent =
        Proxy.newProxyInstance(
            GuestIT.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (ignored, method, values) ->
                method.getName().equals("close") ? null : method.invoke(connection, values));
    return (DataSource)
        Proxy.newProxyInstance(
            GuestIT.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (ignored, method, values) -> lent);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theConnectionIsReturnedUnchanged(boolean autoCommit) throws SQLException {
    try (Connection connection = rows.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET SESSION innodb_lock_wait_timeout = 17, SESSION lock_wait_timeout = 18");
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(autoCommit);
      Redrive redrive = on(lending(connection));
      String before = session(statement, autoCommit);

      redrive.preview(FailedEvents.all());
      assertEquals(before, session(statement, autoCommit));
      assertEquals(new Done(2), redrive.redrive(KEY));
      assertEquals(before, session(statement, autoCommit));

      rows.run("UPDATE outbox_events SET status = 'FAILED', last_error = NULL");
      rows.run("UPDATE outbox_events SET headers = '[]' WHERE id = '3'");
      assertEquals(2, redrive.redrive(FailedEvents.all()).events());
      assertEquals(before, session(statement, autoCommit));
    }
  }

  private static String session(Statement statement, boolean autoCommit) throws SQLException {
    Connection connection = statement.getConnection();
    assertEquals(autoCommit, connection.getAutoCommit());
    assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT CONCAT_WS(' ', @@autocommit, @@transaction_isolation, @@time_zone, @@sql_mode,
              @@foreign_key_checks, @@innodb_lock_wait_timeout, @@lock_wait_timeout,
              COALESCE(@sluice_0, @sluice_1, @sluice_2, @sluice_3, @sluice_4, @sluice_5,
                @sluice_6, @sluice_7, @sluice_8, 'nothing left'))""")) {
      row.next();
      return row.getString(1);
    }
  }

  /**
   * Writes two times, one hour apart, that the session's time zone shows as the same local time.
   */
  @Test
  void theSessionsTimeZoneDoesNotChangeTimestamps() throws SQLException {
    rows.run(
        """
        ALTER TABLE outbox_events ADD early TIMESTAMP NULL, ADD late TIMESTAMP NULL;
        SET time_zone = '+00:00';
        UPDATE outbox_events SET early = '2026-10-25 00:30:00', late = '2026-10-25 01:30:00'""");
    String moments =
        "SELECT CONCAT(UNIX_TIMESTAMP(late), ' ', UNIX_TIMESTAMP(early)) FROM outbox_events";
    String before = rows.texts(moments).get(0);
    try (Connection administrator = sandbox.mysql().connect();
        Statement zones = administrator.createStatement();
        Connection connection = rows.database().connect();
        Statement session = connection.createStatement()) {
      addZone(zones);
      session.execute("SET time_zone = 'Sluice/Test'");
      assertEquals(1, rowsOf(session, "SELECT 1 FROM outbox_events WHERE early = late LIMIT 1"));

      assertEquals(new Done(2), on(lending(connection)).redrive(KEY));

      removeZone(zones);
    }
    assertEquals(before, rows.texts(moments).get(0));
  }

  private static int rowsOf(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? 1 : 0;
    }
  }

  /** Adds a time zone with daylight saving time, because a new server has none. */
  private static void addZone(Statement zones) throws SQLException {
    removeZone(zones);
    zones.execute("INSERT INTO mysql.time_zone VALUES (4711, 'N')");
    zones.execute("INSERT INTO mysql.time_zone_name VALUES ('Sluice/Test', 4711)");
    zones.execute(
        """
        INSERT INTO mysql.time_zone_transition_type
        VALUES (4711, 0, 7200, 1, 'SUM'), (4711, 1, 3600, 0, 'WIN')""");
    zones.execute(
        """
        INSERT INTO mysql.time_zone_transition
        VALUES (4711, 1774746000, 0), (4711, 1792890000, 1)""");
  }

  private static void removeZone(Statement zones) throws SQLException {
    for (String table : List.of("", "_name", "_transition_type", "_transition")) {
      zones.execute("DELETE FROM mysql.time_zone%s WHERE time_zone_id = 4711".formatted(table));
    }
  }

  private DataSource as(Account account) {
    return new Database(rows.database().name(), account).dataSource();
  }

  private String onTable() {
    return "ON `%s`.outbox_events".formatted(rows.database().name());
  }

  @Test
  void selectInsertAndDeleteAreEnough() throws SQLException {
    rows.failed("4", "8").parked("5", "8", "4");
    Redrive redrive = on(as(sandbox.account("least", "SELECT, INSERT, DELETE " + onTable())));

    RedrivePreview preview = redrive.preview(FailedEvents.all());
    assertEquals(Map.of(), preview.failures());
    assertEquals(2, preview.events());
    assertEquals(new Done(2), redrive.redrive(KEY));
    RedriveReport report = redrive.discard(FailedEvents.all());
    assertEquals(Map.of(), report.failures());
    assertEquals(1, report.events());
    assertEquals(1, report.followers());
  }

  @Test
  void privilegesThatAreMissingAreNamedAndNothingIsChanged() throws SQLException {
    List<String> before = rows.states();
    String[][] grants = {
      {"SELECT, INSERT " + onTable()},
      {"SELECT, DELETE " + onTable()},
      {"INSERT, DELETE " + onTable()},
      // These grants suffice for each statement, but a user-defined column would be lost.
      {"DELETE " + onTable(), "SELECT (%s), INSERT (%s) %s".formatted(known(), known(), onTable())},
    };
    rows.run("ALTER TABLE outbox_events ADD own INT DEFAULT 7");
    for (int i = 0; i < grants.length; i++) {
      Redrive redrive = on(as(sandbox.account("less" + i, grants[i])));

      RedriveException failure =
          assertThrows(RedriveException.class, () -> redrive.redrive(KEY), grants[i][0]);

      assertEquals(SHARD, failure.shard());
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains("grant the account SELECT, INSERT and DELETE"), message);
      assertEquals(before, rows.states());
    }
  }

  private String known() throws SQLException {
    return String.join(
        ", ",
        rows.texts(
            """
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'outbox_events'"""));
  }

  /** Connections that are killed before the nth statement with this prefix. */
  private DataSource killedBefore(String statement, int nth) {
    AtomicInteger count = new AtomicInteger();
    return Intercepted.source(
        rows.database().dataSource(),
        (sql, connection) -> {
          if (sql.startsWith(statement) && count.incrementAndGet() == nth) {
            kill(connection);
          }
        });
  }

  private void kill(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
      row.next();
      rows.run("KILL " + row.getLong(1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE", "INSERT", "COMMIT"})
  void aLostConnectionLeavesAllOrNothing(String statement) throws SQLException {
    List<String> before = rows.states();
    int nth = statement.equals("COMMIT") ? 1 : 2;

    RedriveException failure =
        assertThrows(RedriveException.class, () -> on(killedBefore(statement, nth)).redrive(KEY));

    assertTrue(
        String.valueOf(failure.getMessage())
            .contains("only events that are still FAILED are changed"),
        failure::getMessage);
    assertEquals(before, rows.states());
    // A run has two earlier transactions: one reads the clock, one reads the page of events.
    RedriveReport report =
        on(killedBefore(statement, statement.equals("COMMIT") ? 3 : 2)).discard(FailedEvents.all());
    assertEquals(1, report.failures().size());
    assertEquals(0, report.events());
    assertEquals(before, rows.states());
    assertEquals(1, on(rows.database().dataSource()).redrive(FailedEvents.all()).events());
  }

  @Test
  void aConnectionLostAfterTheCommitDoesNotChangeTheOutcome() throws SQLException {
    assertEquals(new Done(2), on(killedBefore("SET SESSION", 2)).redrive(KEY));

    assertEquals("1 PENDING 0 1", rows.states().get(0));
  }

  @Test
  @Timeout(30)
  void waitsOnlySecondsForALockedTable() throws SQLException {
    try (Connection other = rows.database().connect();
        Statement statement = other.createStatement()) {
      statement.execute("LOCK TABLES outbox_events WRITE");

      assertEquals(new Busy(), on(rows.database().dataSource()).redrive(KEY));
      statement.execute("UNLOCK TABLES");
    }
  }
}
