package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.Commands;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayProcess;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.MySqlSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events are relayed whatever the settings of the server, the definition of the table and the
 * settings of the session that writes them. Each server has one shard for each table, and each
 * session writes to every shard.
 */
@Tag("fault")
@SandboxTest
class ServerMatrixIT {

  private static final Duration BOUND = Duration.ofMinutes(2);

  private static final List<String> TABLES =
      List.of(
          "COMMENT 'as shipped'",
          "PARTITION BY KEY (id) PARTITIONS 8",
          "ADD COLUMN tenant VARCHAR(64) NOT NULL DEFAULT 'acme' INVISIBLE AFTER event_type",
          "ADD COLUMN kind VARCHAR(10) AS (LEFT(domain, 3)) VIRTUAL AFTER id,"
              + " ADD COLUMN room VARCHAR(255) AS (CONCAT(aggregate_id, '!')) STORED FIRST",
          "ADD INDEX tags ((CAST(headers->'$.tags' AS UNSIGNED ARRAY))),"
              + " ADD INDEX tenants ((JSON_VALUE(headers, '$.t' RETURNING CHAR(9))))",
          "MODIFY aggregate_id VARCHAR(255) CHARACTER SET latin1 NOT NULL,"
              + " MODIFY event_type VARCHAR(255) CHARACTER SET utf16 NOT NULL",
          "MODIFY event_data LONGBLOB NOT NULL",
          "MODIFY id CHAR(36) CHARACTER SET ascii NOT NULL AFTER updated_at,"
              + " ADD CONSTRAINT short CHECK (CHAR_LENGTH(event_type) < 200)");

  private static final List<String> SESSIONS =
      List.of(
          "SET SESSION sql_mode = ''",
          "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
          "SET SESSION time_zone = '+14:00'",
          "SET SESSION binlog_transaction_compression = ON",
          "SET SESSION binlog_rows_query_log_events = ON",
          "SET SESSION binlog_row_value_options = PARTIAL_JSON",
          "SET SESSION foreign_key_checks = 0, unique_checks = 0",
          "SET SESSION gtid_next = 'AUTOMATIC:tag'");

  static Stream<Arguments> servers() {
    return Stream.of(
        Arguments.of(
            "names",
            List.of("--binlog-row-metadata=FULL", "--binlog-checksum=NONE", "--sql-mode=")),
        Arguments.of(
            "zone",
            List.of(
                "--default-time-zone=-11:30",
                "--character-set-server=latin1",
                "--collation-server=latin1_swedish_ci",
                "--explicit-defaults-for-timestamp=OFF",
                "--sql-generate-invisible-primary-key=ON")),
        Arguments.of(
            "packed",
            List.of(
                "--binlog-transaction-compression=ON",
                "--binlog-rows-query-log-events=ON",
                "--binlog-row-metadata=FULL",
                "--binlog-order-commits=OFF",
                "--lower-case-table-names=1",
                "--character-set-server=utf8mb3")));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everyEventIsRelayed(
      String name, List<String> arguments, Sandbox shared, @TempDir Path folder) throws Exception {
    MySqlSettings settings = MySqlSettings.withArguments(arguments.toArray(String[]::new));
    try (MySqlServer mysql = MySqlServer.start(settings)) {
      Sandbox own = Sandbox.on(new SandboxServers(mysql, shared.kafka()), name);
      RelayFixture fixture = new RelayFixture(own, name, TABLES.size());
      for (int shard = 0; shard < TABLES.size(); shard++) {
        fixture.database(shard).run("ALTER TABLE outbox_events " + TABLES.get(shard));
      }
      fixture.provision();
      assertNoErrors(fixture, folder);
      Committed committed = new Committed();

      try (TopicAudit audit = TopicAudit.open(fixture)) {
        relay(fixture, mysql, "first", committed, audit);
        relay(fixture, mysql, "second", committed, audit);
        EventValues.assertCorrect(audit, committed);
      }
      assertNoErrors(fixture, folder);
    }
  }

  private static void relay(
      RelayFixture fixture, MySqlServer mysql, String run, Committed committed, TopicAudit audit)
      throws SQLException {
    try (Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      for (int shard = 0; shard < TABLES.size(); shard++) {
        NumberedEvents events = new NumberedEvents(fixture, shard, run + "-s" + shard, committed);
        for (String session : SESSIONS) {
          write(fixture, mysql, shard, session, events);
        }
      }
      audit.await(committed, BOUND);
    }
  }

  /** Writes as the administrator, because some settings need privileges. */
  private static void write(
      RelayFixture fixture, MySqlServer mysql, int shard, String session, NumberedEvents events)
      throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("USE " + fixture.database(shard).name());
      statement.execute(session);
      connection.setAutoCommit(false);
      events.commit(connection, 3);
    }
  }

  private static void assertNoErrors(RelayFixture fixture, Path folder) throws Exception {
    Path file = Files.createTempFile(folder, "relay", ".yaml");
    Files.writeString(file, RelayProcess.yaml(fixture.config()));
    Commands doctor = Commands.run("doctor", "--config", file.toString());
    assertEquals(0, doctor.exitCode(), doctor.output() + doctor.error());
  }
}
