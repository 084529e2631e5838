package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows that no writer inserts, each test in a separate shard. */
@SandboxTest
class InvalidRowsIT {

  private static final int LENIENT = 0;
  private static final int UNDATED = 1;
  private static final int SHARED = 2;
  private static final int COPIED = 3;
  private static final int DATED_FAR_AWAY = 4;
  private static final int NESTED = 5;

  private static final String DATED =
      """
      INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
        event_data, created_at, updated_at)
      VALUES ('%s', 'CHAT', 't', 'a', '1', '{}', %s, UTC_TIMESTAMP(6))\
      """;

  private static RelayFixture fixture;
  private static Relay relay;

  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    fixture = new RelayFixture(sandbox, "invalid", 6);
    fixture.database(LENIENT).run("ALTER TABLE outbox_events MODIFY event_type VARCHAR(255) NULL");
    RelayConfig config = fixture.config();
    RelayFixture.provision(config);
    relay = RelayFixture.relay(config);
    relay.start();
  }

  @AfterAll
  static void stopRelay() {
    relay.close();
  }

  @Test
  void invalidRowsAreQuarantined() throws Exception {
    String insert =
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
          event_data, headers, created_at, updated_at)
        VALUES ('%s', '%s', %s, 'a', '1', '{}', %s, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))\
        """;
    Database database = fixture.database(LENIENT);
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (TopicReader letters = fixture.strayDeadLetters(LENIENT);
        TopicReader topic = fixture.reader(EventDomain.CHAT, LENIENT)) {
      database.run(insert.formatted("lower-case-domain", "chat", "'t'", "NULL"));
      database.run(insert.formatted("no-event-type", "CHAT", "NULL", "NULL"));
      database.run(insert.formatted("odd-headers", "CHAT", "'t'", "'[1]'"));
      fixture.write(LENIENT, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      assertEquals(
          List.of("lower-case-domain", "no-event-type", "odd-headers"),
          TopicReader.ids(letters.await(3)));
      Await.until(
          () ->
              fixture
                  .outcome(LENIENT, "no-event-type")
                  .equals("FAILED|column 'event_type' is NULL"));
      Await.until(
          () -> fixture.outcome(LENIENT, "odd-headers").startsWith("FAILED|event headers must be"));
    }
  }

  /** Without the strict mode MySQL stores dates that do not exist. */
  @Test
  void rowsWithoutADateAreQuarantined() throws Exception {
    int shard = UNDATED;
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (TopicReader letters = fixture.strayDeadLetters(shard);
        TopicReader topic = fixture.reader(EventDomain.CHAT, shard)) {
      insertDates(shard, "zero", "'0000-00-00'");
      insertDates(shard, "no-day", "'2024-05-00'");
      insertDates(shard, "in-no-calendar", "'2024-02-31'");
      insertDates(shard, "omitted", "DEFAULT");
      define(shard, "DATETIME(6) NULL DEFAULT '2001-01-01'");
      insertDates(shard, "null", "NULL");
      insertDates(shard, "zero-with-default", "'0000-00-00'");
      define(shard, "TIMESTAMP(6) NOT NULL DEFAULT '2001-01-01'");
      insertDates(shard, "zero-timestamp", "'0000-00-00'");
      fixture.write(shard, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      assertEquals(
          List.of(
              "zero",
              "no-day",
              "in-no-calendar",
              "omitted",
              "null",
              "zero-with-default",
              "zero-timestamp"),
          TopicReader.ids(letters.await(7)));
      Await.until(
          () ->
              fixture
                  .outcome(shard, "no-day")
                  .equals("FAILED|column 'created_at' is NULL or not a date"));
    }
  }

  /** MySQL's dates reach from the year 0 to 9999, further than nanoseconds in a long. */
  @Test
  void rowsWithAnyDateOfTheCalendarArePublished() throws Exception {
    try (TopicReader topic = fixture.reader(EventDomain.CHAT, DATED_FAR_AWAY)) {
      insertDates(DATED_FAR_AWAY, "end-of-time", "'9999-12-31 23:59:59.999999'");
      insertDates(DATED_FAR_AWAY, "long-ago", "'1000-01-01'");

      assertEquals(List.of("end-of-time", "long-ago"), TopicReader.ids(topic.await(2)));
    }
  }

  /** The headers of a text column may be nested deeper than MySQL's functions for JSON allow. */
  @Test
  void headersOfAnyDepthDoNotBlockOtherRows() throws Exception {
    Database database = fixture.database(NESTED);
    database.run("ALTER TABLE outbox_events MODIFY headers LONGTEXT NULL");
    database.run(
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
          headers, created_at, updated_at)
        VALUES ('deep', 'CHAT', 't', 'a', '1', '{}',
          CONCAT('{"a":', REPEAT('[', 200), REPEAT(']', 200), '}'), UTC_TIMESTAMP(6),
          UTC_TIMESTAMP(6))\
        """);
    insertDates(NESTED, "no-date", "'0000-00-00'");

    Await.until(() -> fixture.outcome(NESTED, "no-date").startsWith("FAILED|"));
    Await.until(() -> fixture.outcome(NESTED, "deep").startsWith("FAILED|"));
  }

  /** The relay shares the binlog with all other tables of the server. */
  @Test
  void impossibleDatesInOtherTablesDoNotMatter(Sandbox sandbox) throws Exception {
    int shard = SHARED;
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (TopicReader topic = fixture.reader(EventDomain.CHAT, shard);
        TopicReader letters = fixture.strayDeadLetters(shard)) {
      insecurely(shard, "CREATE TABLE orders (due DATE, paid DATETIME(6))");
      insecurely(shard, "INSERT INTO orders VALUES ('2024-02-31', '2023-11-31 10:00:00')");
      insecurely(shard, "UPDATE orders SET due = '2024-04-31'");
      insecurely(shard, "DELETE FROM orders");
      insertCompressed(sandbox, shard);
      fixture.write(shard, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      assertEquals(List.of("compressed"), TopicReader.ids(letters.await(1)));
    }
  }

  /** The engine decodes all rows of a compressed transaction. */
  private static void insertCompressed(Sandbox sandbox, int shard) throws SQLException {
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute("USE " + fixture.database(shard).name());
      statement.execute("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'");
      statement.execute("SET SESSION binlog_transaction_compression = ON");
      statement.execute("INSERT INTO orders VALUES ('2024-02-31', '2023-11-31 10:00:00')");
      statement.execute(DATED.formatted("compressed", "'2024-02-31'"));
    }
  }

  private static void define(int shard, String createdAt) throws SQLException {
    insecurely(shard, "ALTER TABLE outbox_events MODIFY created_at " + createdAt);
  }

  private static void insertDates(int shard, String id, String createdAt) throws SQLException {
    insecurely(shard, DATED.formatted(id, createdAt));
  }

  private static void insecurely(int shard, String sql) throws SQLException {
    try (Connection connection = fixture.database(shard).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'");
      statement.execute(sql);
    }
  }

  @Test
  void rowsThatWereNeverPendingAreNotPublished() throws Exception {
    int shard = COPIED;
    ShardStatistics statistics = relay.statistics().of(fixture.source(shard).id());
    OutboxEvent[] old = {
      RelayFixture.chat("r", "{}"), RelayFixture.chat("r", "{}"), RelayFixture.chat("r", "{}")
    };
    OutboxEvent next = RelayFixture.chat("r", "{}");
    Database database = fixture.database(shard);

    try (TopicReader topic = fixture.reader(EventDomain.CHAT, shard)) {
      fixture.write(shard, old);
      topic.await(3);
      String status = "UPDATE outbox_events SET status = '%s' WHERE id = '%s'";
      database.run(status.formatted("PUBLISHED", old[0].id()));
      database.run(status.formatted("FAILED", old[1].id()));
      database.run(status.formatted("RETRY", old[2].id()));
      database.run("CREATE TABLE dump LIKE outbox_events");
      database.run("INSERT INTO dump SELECT * FROM outbox_events");
      database.run("DELETE FROM outbox_events");
      database.run("INSERT INTO outbox_events SELECT * FROM dump");
      fixture.write(shard, next);

      assertEquals(
          List.of(old[2].id().toString(), next.id().toString()),
          TopicReader.ids(topic.awaitId(next.id())).subList(3, 5));
      Await.until(() -> statistics.count(Counter.FINISHED_ROWS) == 2);
    }
  }
}
