package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.MySqlSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Sessions whose inserts are in the binlog as statements. */
@SandboxTest
class StatementFormatIT {

  private static final String VALUES =
      " (id, domain, event_type, aggregate_type, aggregate_id, event_data, created_at, updated_at)"
          + " VALUES ('%s', 'CHAT', 't', 'a', 'r', '{}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))";

  private static final String IN_FILE =
      "SELECT '6', 'CHAT', 't', 'a', 'r', '{}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) INTO OUTFILE";

  @Test
  void rowsOfShippedTablesArePublishedAtOnce(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "shipped", 1);
    fixture.provision();
    String database = fixture.database(0).name();
    String file = fixture.text(0, "SELECT CONCAT(@@GLOBAL.tmpdir, '/" + database + "')");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      run(sandbox, database, "STATEMENT", "INSERT INTO outbox_events" + VALUES.formatted("1"));
      run(
          sandbox,
          database,
          "MIXED",
          "/* service */ insert ignore `outbox_events`" + VALUES.formatted("2"),
          "-- by hand\nREPLACE INTO `" + database + "`.outbox_events" + VALUES.formatted("3"));
      run(
          sandbox,
          "mysql",
          "STATEMENT",
          "INSERT " + database + ".outbox_events" + VALUES.formatted("4"));
      run(
          sandbox,
          database,
          "STATEMENT",
          "%s '%s'".formatted(IN_FILE, file),
          "LOAD DATA INFILE '%s' INTO TABLE outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data, created_at, updated_at)"
              .formatted(file));
      assertEquals(Set.of("1", "2", "3", "4", "6"), ids(topic.await(5)));
    }
  }

  /** No replica acknowledges the transaction, so its row is invisible for 10 s. */
  @Test
  void aRowThatBecomesVisibleLateIsPublishedAtOnce(Sandbox sandbox) throws Exception {
    try (MySqlServer mysql =
            MySqlServer.start(MySqlSettings.withArguments("--plugin-load-add=semisync_source.so"));
        Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      RelayFixture fixture = new RelayFixture(sandbox, "semisync", mysql);
      fixture.provision();
      try (Relay relay = RelayFixture.relay(fixture.config());
          TopicReader topic = fixture.reader(EventDomain.CHAT)) {
        relay.start();
        fixture.write(0, RelayFixture.chat("r", "{}"));
        topic.await(1);
        statement.execute("SET GLOBAL rpl_semi_sync_source_enabled = ON");
        statement.execute("USE semisync");
        statement.execute("SET SESSION binlog_format = STATEMENT");
        statement.execute("INSERT INTO outbox_events" + VALUES.formatted("late"));
        assertEquals("late", TopicReader.header(topic.await(2).get(1), "id"));
      }
    }
  }

  private static Set<String> ids(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream()
        .map(record -> TopicReader.header(record, "id"))
        .collect(Collectors.toSet());
  }

  @Test
  void aTableWithoutStatusStopsItsShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "router", 1);
    String database = fixture.database(0).name();
    fixture
        .database(0)
        .run(
            "CREATE TABLE outbox (id CHAR(36), aggregatetype VARCHAR(255), aggregateid VARCHAR(255), type VARCHAR(255), payload JSON, PRIMARY KEY (id))");
    ShardSource source = RouterTable.of(fixture.source(0), EventDomain.CHAT);
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute(
          "GRANT SELECT ON `%s`.outbox TO '%s'@'%%'"
              .formatted(database, source.server().login().username()));
    }
    RelayConfig config = fixture.config().withShards(List.of(source));
    RelayFixture.provision(config);
    String insert = "INSERT INTO outbox VALUES ('%s', 'order', '7', 't', '{}')";

    try (Relay relay = RelayFixture.relay(config);
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.database(0).run(insert.formatted("1"));
      topic.await(1);
      run(
          sandbox,
          database,
          "STATEMENT",
          "CREATE TABLE copied LIKE outbox",
          "INSERT INTO copied SELECT * FROM outbox");
      fixture.database(0).run(insert.formatted("2"));
      topic.await(2);
      run(sandbox, database, "STATEMENT", insert.formatted("3"));
      fixture.database(0).run(insert.formatted("4"));
      Await.until(() -> relay.states().get(ShardId.of("s0")) == ShardState.STOPPED);
      assertEquals(Set.of("1", "2"), ids(topic.await(2)));
    }
  }

  private static void run(Sandbox sandbox, String database, String format, String... statements)
      throws SQLException {
    try (Connection connection = sandbox.mysql().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("USE " + database);
      statement.execute("SET SESSION binlog_format = " + format);
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
