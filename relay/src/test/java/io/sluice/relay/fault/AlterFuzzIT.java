package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.schema.RandomAlters;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.MySqlSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated ALTERs of several clauses between the events of a shard. Half of the time no relay
 * runs, so that it reads rows after statements that the server's table has left behind.
 */
@Tag("fault")
@SandboxTest
class AlterFuzzIT {

  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final int ACCEPTED = Integer.getInteger("sluice.fuzz.alters", 600);
  private static final int MAX_COLUMNS = 30;

  /** Columns of the same type, which would be confused without an error. */
  private static final List<String> ALIKE =
      List.of("event_type", "aggregate_type", "aggregate_id", "domain");

  private static MySqlServer mysql;

  @BeforeAll
  static void startServer() {
    mysql = MySqlServer.start(MySqlSettings.withArguments("--skip-innodb-doublewrite"));
  }

  @AfterAll
  static void stopServer() {
    mysql.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"MINIMAL", "FULL"})
  void everyRowIsReadByItsOwnColumns(String metadata, Sandbox shared) throws Exception {
    try (Connection admin = mysql.connect();
        Statement statement = admin.createStatement()) {
      statement.execute("SET GLOBAL binlog_row_metadata = " + metadata);
    }
    long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
    String name = metadata.toLowerCase(Locale.ROOT);
    RelayFixture fixture =
        new RelayFixture(Sandbox.on(new SandboxServers(mysql, shared.kafka()), name), name, 1);
    fixture
        .database(0)
        .run(
            "ALTER TABLE outbox_events ADD COLUMN filler INT, ADD COLUMN spare VARCHAR(36),"
                + " ADD INDEX present (filler)");
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      for (int part = 0; part < 4; part++) {
        try (Relay relay = RelayFixture.relay(fixture.config())) {
          if (part % 2 == 0) {
            relay.start();
          }
          alter(fixture, seed + part, committed, "p" + part);
          if (part % 2 == 1) {
            relay.start();
          }
          audit.await(committed, BOUND);
        }
      }
      EventValues.assertCorrect(audit, committed);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private static void alter(RelayFixture fixture, long seed, Committed committed, String name)
      throws SQLException {
    Random random = new Random(seed);
    RandomAlters alters = new RandomAlters(seed);
    NumberedEvents events = new NumberedEvents(fixture, 0, name, committed);
    int accepted = 0;
    try (Connection connection = fixture.database(0).connect();
        Statement statement = connection.createStatement()) {
      for (int tried = 0; accepted < ACCEPTED / 4; tried++) {
        assertTrue(tried < 20 * ACCEPTED, "too few statements are valid");
        List<String> columns = columns(fixture);
        List<String> changeable = added(columns);
        String clauses =
            columns.size() > MAX_COLUMNS
                ? changeable.stream()
                    .map(column -> "DROP `" + column.replace("`", "``") + "`")
                    .collect(Collectors.joining(","))
                : own(random, columns) + alters.clauses(columns, changeable);
        try {
          statement.execute("ALTER TABLE outbox_events " + clauses);
          accepted++;
        } catch (SQLException e) {
          continue; // the generator does not know all rules
        }
        if (random.nextInt(3) > 0) {
          events.commit(1 + random.nextInt(2));
        }
      }
    }
    events.commit(1);
  }

  /** Moves or swaps columns of the event itself. */
  private static String own(Random random, List<String> columns) {
    String first = ALIKE.get(random.nextInt(ALIKE.size()));
    String second = ALIKE.get(random.nextInt(ALIKE.size()));
    return switch (random.nextInt(4)) {
      case 0 ->
          first.equals(second)
              ? ""
              : "RENAME COLUMN %s TO %s, RENAME COLUMN %s TO %s,"
                  .formatted(first, second, second, first);
      case 1 ->
          "MODIFY %s VARCHAR(255) NOT NULL AFTER `%s`,"
              .formatted(first, columns.get(random.nextInt(columns.size())).replace("`", "``"));
      default -> "";
    };
  }

  private static List<String> columns(RelayFixture fixture) {
    return List.of(
        fixture
            .text(
                0,
                """
                SELECT GROUP_CONCAT(column_name ORDER BY ordinal_position SEPARATOR '\\n')
                FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = 'outbox_events'\
                """)
            .split("\n"));
  }

  private static List<String> added(List<String> columns) {
    List<String> added = new ArrayList<>(columns);
    added.removeAll(
        List.of(
            "id",
            "domain",
            "event_type",
            "aggregate_type",
            "aggregate_id",
            "event_data",
            "headers",
            "status",
            "retry_count",
            "max_retries",
            "last_error",
            "created_at",
            "updated_at",
            "published_at",
            "filler"));
    return added;
  }
}
