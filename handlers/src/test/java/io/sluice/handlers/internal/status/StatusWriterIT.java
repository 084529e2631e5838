package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.TestDataSource;
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
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A status never moves backwards, and a repeated write changes nothing. */
@SandboxTest
class StatusWriterIT {

  private static final ShardId SHARD = ShardId.of("shard-1");
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");
  private static final Instant LATER = NOON.plusSeconds(60);

  private final Database database;
  private final StatusWriter writer;
  private final OutboxEvent event;
  private final RowKey key;

  StatusWriterIT(Sandbox sandbox) throws SQLException {
    database = sandbox.database("rows");
    database.run(OutboxTable.ddl());
    writer = new StatusWriter(ShardDataSources.of(Map.of(SHARD, database.dataSource())));
    event =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", "7")
            .json("{}")
            .createdAt(NOON.minusSeconds(60))
            .build();
    key = new RowKey(SHARD, event.id().toString());
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      new OutboxWriter().append(connection, event);
      connection.commit();
    }
  }

  private RowState row() throws SQLException {
    return writer.read(key).orElseThrow();
  }

  private RowState publish(Instant at) throws SQLException {
    return writer.write(key, new StatusUpdate.Published(row(), at)).orElseThrow();
  }

  private RowState fail(RowState before, boolean conclusive) throws SQLException {
    return writer
        .write(key, new StatusUpdate.Failure(before, "some.Failure", conclusive, NOON))
        .orElseThrow();
  }

  private String columns() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT CONCAT_WS(' ', status, retry_count, IFNULL(last_error, '-'),
                    updated_at, IFNULL(published_at, '-'))
                FROM outbox_events WHERE id = '%s'
                """
                    .formatted(event.id()))) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  private void execute(String sql) throws SQLException {
    database.run(sql.formatted(event.id()));
  }

  @Test
  void writesUtcWhateverTheSessionsTimeZone() throws SQLException {
    StatusWriter abroad =
        new StatusWriter(
            ShardDataSources.of(
                Map.of(
                    SHARD,
                    new TestDataSource() {
                      @Override
                      public Connection getConnection() throws SQLException {
                        return DriverManager.getConnection(
                            database.jdbcUrl()
                                + "?connectionTimeZone=%2B05:00"
                                + "&forceConnectionTimeZoneToSession=true",
                            database.user(),
                            database.password());
                      }
                    })));

    Optional<RowState> after = abroad.write(key, new StatusUpdate.Published(row(), NOON));

    assertEquals(Optional.of(new RowState(OutboxStatus.PUBLISHED, 0, 3)), after);
    assertEquals("PUBLISHED 0 - 2026-01-02 12:00:00.123456 2026-01-02 12:00:00.123456", columns());
  }

  @Test
  void publishesOnce() throws SQLException {
    publish(NOON);
    String before = columns();

    assertEquals(OutboxStatus.PUBLISHED, publish(LATER).status());

    assertEquals(before, columns());
  }

  @Test
  void doesNotPublishWhatHasFailed() throws SQLException {
    fail(row(), true);
    String before = columns();

    assertEquals(OutboxStatus.FAILED, publish(LATER).status());

    assertEquals(before, columns());
  }

  @Test
  void doesNotFailWhatIsPublished() throws SQLException {
    RowState before = row();
    publish(NOON);
    String columns = columns();

    assertEquals(OutboxStatus.PUBLISHED, fail(before, false).status());

    assertEquals(columns, columns());
  }

  @Test
  void countsFailuresUpToTheLimit() throws SQLException {
    assertEquals(new RowState(OutboxStatus.RETRY, 1, 3), fail(row(), false));
    assertEquals(new RowState(OutboxStatus.RETRY, 2, 3), fail(row(), false));
    assertEquals(new RowState(OutboxStatus.FAILED, 3, 3), fail(row(), false));

    assertEquals("FAILED 3 some.Failure 2026-01-02 12:00:00.123456 -", columns());
  }

  @Test
  void countsTheSameFailureOnce() throws SQLException {
    RowState before = row();
    fail(before, false);

    assertEquals(new RowState(OutboxStatus.RETRY, 1, 3), fail(before, false));
  }

  @Test
  void failsForGoodWhereThatIsAskedFor() throws SQLException {
    assertEquals(new RowState(OutboxStatus.FAILED, 1, 3), fail(row(), true));
  }

  @Test
  void allowsOneAttemptWhereNoRetryIsAllowed() throws SQLException {
    execute("UPDATE outbox_events SET max_retries = 0 WHERE id = '%s'");

    assertEquals(new RowState(OutboxStatus.FAILED, 1, 0), fail(row(), false));
  }

  @Test
  void findsNoRowWhereNoneIs() throws SQLException {
    RowState before = row();
    execute("DELETE FROM outbox_events WHERE id = '%s'");

    assertEquals(Optional.empty(), writer.read(key));
    assertEquals(Optional.empty(), writer.write(key, new StatusUpdate.Published(before, NOON)));
  }

  @Test
  void refusesAStatusItDoesNotKnow() throws SQLException {
    execute("UPDATE outbox_events SET status = 'PARKED' WHERE id = '%s'");

    assertThrows(IllegalArgumentException.class, () -> writer.read(key));
  }

  @Test
  void commitsWhereTheDataSourceDoesNot() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      StatusWriter careful =
          new StatusWriter(ShardDataSources.of(Map.of(SHARD, new LentConnection(connection))));
      RowState before = careful.read(key).orElseThrow();

      careful.write(key, new StatusUpdate.Published(before, NOON));

      // Seen from another connection while this one is still open, with nothing locked.
      assertTrue(columns().startsWith("PUBLISHED"));
      execute("UPDATE outbox_events SET status = 'FAILED' WHERE id = '%s'");
      assertFalse(connection.getAutoCommit());
    }
  }

  @Test
  void rollsBackWhereTheDataSourceDoesNotCommit() throws SQLException {
    execute("UPDATE outbox_events SET status = 'PARKED' WHERE id = '%s'");
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      StatusWriter careful =
          new StatusWriter(ShardDataSources.of(Map.of(SHARD, new LentConnection(connection))));

      assertThrows(IllegalArgumentException.class, () -> careful.read(key));

      execute(
          "SET innodb_lock_wait_timeout = 1;"
              + " UPDATE outbox_events SET status = 'PENDING' WHERE id = '%s'");
    }
  }
}
