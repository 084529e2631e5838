package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are altered, while they are relayed and while nobody looks. */
@SandboxTest
class SchemaIT {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ShardId SHARD = ShardId.of("s0");

  /** Of MySQL's grammar, but not of the engine's. */
  static final String UNPARSEABLE_COLUMN =
      "ADD COLUMN tenant VARCHAR(64) AS (JSON_VALUE(headers, '$.tenant' RETURNING CHAR(64))) STORED FIRST";

  static final String UNPARSEABLE_INDEX =
      "ADD INDEX tenants ((JSON_VALUE(headers, '$.tenant' RETURNING CHAR(64))))";

  private static final String INSERT_OF_A_ROW =
      """
      INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
        created_at, updated_at)
      VALUES (UUID(), 'CHAT', 't', 'a', 'r', '{}', NOW(6), NOW(6))""";

  /**
   * A way to alter the table, step by step.
   *
   * @param name short, of lower-case letters
   */
  record Change(String name, List<String> steps) {
    static Change of(String name, String... alterations) {
      return new Change(
          name, Stream.of(alterations).map(step -> "ALTER TABLE outbox_events " + step).toList());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Change> changes() {
    return Stream.of(
        Change.of(
            "addanddrop",
            "ADD COLUMN tenant VARCHAR(255) NOT NULL DEFAULT 'acme' AFTER event_type",
            "ADD COLUMN flags INT NULL, ADD COLUMN note VARCHAR(20) NULL FIRST",
            "DROP COLUMN tenant",
            "DROP COLUMN note, DROP COLUMN flags"),
        Change.of(
            "rename",
            "ADD COLUMN tenant VARCHAR(255) NOT NULL DEFAULT 'acme' AFTER aggregate_type",
            "CHANGE COLUMN tenant owner VARCHAR(300) NOT NULL DEFAULT 'acme'",
            "RENAME COLUMN owner TO tenant"),
        // Columns of one type: taken for each other, they would be swapped without an error.
        Change.of(
            "reorder",
            "MODIFY aggregate_type VARCHAR(255) NOT NULL AFTER aggregate_id",
            "MODIFY event_type VARCHAR(255) NOT NULL FIRST, MODIFY last_error VARCHAR(1000) NULL AFTER domain",
            "MODIFY aggregate_id VARCHAR(255) NOT NULL FIRST, MODIFY id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL AFTER event_data"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aTableThatIsAlteredUnderLoadIsReadRight(Change change, Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "live" + change.name(), 1);
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = RelayFixture.relay(fixture.config());
          Loads load = Loads.on(fixture, 1, committed)) {
        relay.start();
        load.awaitProgress();
        for (String step : change.steps()) {
          fixture.database(0).run(step);
          load.awaitProgress();
        }
        load.end();
        audit.await(committed, BOUND);
      }
      goOnWithAnotherRelay(fixture, committed, audit);
      EventValues.assertRight(audit, committed);
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aTableThatIsAlteredWhileNobodyReadsIsReadRight(Change change, Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "down" + change.name(), 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "down", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      events.commit(10);
      for (String step : change.steps()) {
        fixture.database(0).run(step);
        events.commit(10);
      }
      goOnWithAnotherRelay(fixture, committed, audit);
      goOnWithAnotherRelay(fixture, committed, audit);
      EventValues.assertRight(audit, committed);
    }
  }

  @Test
  void whatCannotBeParsedOfOtherTablesIsNobodysBusiness(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "foreign", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "foreign", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      events.commit(10);
      fixture.database(0).run("CREATE TABLE orders (headers JSON)");
      fixture.database(0).run("ALTER TABLE orders " + UNPARSEABLE_COLUMN);
      events.commit(10);
      audit.await(committed, BOUND);
      Await.until(() -> relay.states().get(SHARD) == ShardState.RUNNING);
    }
  }

  @Test
  void whatCannotBeParsedStopsTheShardBeforeItsRowsAreMisread(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "unparsed", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "unparsed", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
      // As many columns as before, so that nothing but the order tells.
      fixture
          .database(0)
          .run("ALTER TABLE outbox_events DROP COLUMN last_error, " + UNPARSEABLE_COLUMN);
      fixture.database(0).run(INSERT_OF_A_ROW);

      StoppedShard.await(relay, fixture, "would misread the rows of table");
      StoppedShard.await(relay, fixture, "sluice-relay shards heal s0 --force");
      assertEquals(10, audit.seen());
      fixture
          .database(0)
          .run("ALTER TABLE outbox_events DROP COLUMN tenant, ADD COLUMN last_error VARCHAR(1000)");
      StoppedShard.heal(fixture);
      audit.awaitAny(11, BOUND);
    }
  }

  @Test
  void whatCannotBeParsedAndChangesNoColumnIsPassedOver(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "harmless", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "harmless", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        events.commit(10);
        fixture.database(0).run("ALTER TABLE outbox_events " + UNPARSEABLE_INDEX);
        events.commit(10);
        audit.await(committed, BOUND);
      }
      goOnWithAnotherRelay(fixture, committed, audit);
      EventValues.assertRight(audit, committed);
    }
  }

  @Test
  void rowsThatAreLoggedInPartStopTheShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "partial", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "partial", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
      try (Connection writer = sandbox.mysql().connect();
          Statement statement = writer.createStatement()) {
        statement.execute("USE " + fixture.database(0).name());
        statement.execute("SET SESSION binlog_row_image = MINIMAL");
        statement.execute(INSERT_OF_A_ROW);
      }

      StoppedShard.await(relay, fixture, "a binlog_row_image other than FULL");
      StoppedShard.await(relay, fixture, "sluice-relay shards heal s0 --force");
      StoppedShard.heal(fixture);
      audit.awaitAny(committed.count() + 1, BOUND);
      events.commit(10);
      audit.awaitAny(committed.count() + 1, BOUND);
    }
  }

  @Test
  void aMandatoryColumnThatIsDroppedStopsTheShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "dropped", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "dropped", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
      fixture.database(0).run("ALTER TABLE outbox_events DROP COLUMN aggregate_id");
      fixture.database(0).run(INSERT_OF_A_ROW.replace("aggregate_id, ", "").replace("'r', ", ""));

      StoppedShard.await(relay, fixture, "lacks column 'aggregate_id'");
    }
  }

  /** One that knows the table only from what others have written down of it. */
  private static void goOnWithAnotherRelay(
      RelayFixture fixture, Committed committed, TopicAudit audit) throws SQLException {
    NumberedEvents events = new NumberedEvents(fixture, 0, "on-" + committed.count(), committed);
    try (Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
    }
  }
}
