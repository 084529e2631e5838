package io.sluice.relay.fault;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables that are altered while a relay reads them and while none does. */
@SandboxTest
class SchemaIT {

  private static final Duration BOUND = Duration.ofMinutes(2);

  /** Definitions that MySQL accepts but Debezium's parser does not. */
  static final String UNPARSEABLE_COLUMN =
      "ADD COLUMN tenant VARCHAR(64) AS (JSON_VALUE(headers, '$.tenant' RETURNING CHAR(64))) STORED"
          + " FIRST";

  static final String UNPARSEABLE_INDEX =
      "ADD INDEX tenants ((JSON_VALUE(headers, '$.tenant' RETURNING CHAR(64))))";

  private static final String DEEP = "(".repeat(900) + "1" + " + 1)".repeat(900);

  private static final String INSERT_OF_A_ROW =
      """
      INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
        created_at, updated_at)
      VALUES (UUID(), 'CHAT', 't', 'a', 'r', '{}', NOW(6), NOW(6))\
      """;

  /** Sequences of alterations, each for a separate shard. */
  private static final List<List<String>> CHANGES =
      List.of(
          List.of(
              "ADD COLUMN tenant VARCHAR(255) NOT NULL DEFAULT 'acme' AFTER event_type",
              "ADD COLUMN flags INT NULL, ADD COLUMN note VARCHAR(20) NULL FIRST",
              "DROP COLUMN tenant",
              "DROP COLUMN note, DROP COLUMN flags"),
          List.of(
              "ADD COLUMN tenant VARCHAR(255) NOT NULL DEFAULT 'acme' AFTER aggregate_type",
              "CHANGE COLUMN tenant owner VARCHAR(300) NOT NULL DEFAULT 'acme'",
              "RENAME COLUMN owner TO tenant"),
          // Columns of the same type could be confused without an error.
          List.of(
              "MODIFY aggregate_type VARCHAR(255) NOT NULL AFTER aggregate_id",
              "MODIFY event_type VARCHAR(255) NOT NULL FIRST, MODIFY last_error VARCHAR(1000) NULL"
                  + " AFTER domain",
              "MODIFY aggregate_id VARCHAR(255) NOT NULL FIRST, MODIFY id CHAR(36) CHARACTER SET"
                  + " ascii COLLATE ascii_bin NOT NULL AFTER event_data"),
          // Names and positions in one statement refer to the table before and after all of it.
          List.of(
              "ADD COLUMN note2 VARCHAR(36) NULL AFTER id",
              "ADD COLUMN k VARCHAR(36) NOT NULL DEFAULT 'k' AFTER nn, RENAME COLUMN note2 TO nn",
              "ADD COLUMN a VARCHAR(255) NOT NULL DEFAULT 'a' AFTER domain,"
                  + " ADD COLUMN b VARCHAR(255) NOT NULL DEFAULT 'b' AFTER aggregate_type",
              "RENAME COLUMN a TO b, RENAME COLUMN b TO a",
              "DROP COLUMN b, MODIFY aggregate_id VARCHAR(255) NOT NULL AFTER a",
              "RENAME COLUMN event_type TO aggregate_type, RENAME COLUMN aggregate_type TO"
                  + " event_type",
              "CHANGE event_type aggregate_type VARCHAR(200) NOT NULL, CHANGE aggregate_type"
                  + " event_type VARCHAR(300) CHARACTER SET latin1 NOT NULL FIRST"),
          List.of(
              UNPARSEABLE_INDEX,
              UNPARSEABLE_COLUMN,
              "DROP COLUMN tenant, DROP COLUMN last_error, ADD COLUMN last_error VARCHAR(1000) NULL"
                  + " FIRST"));

  private static final int FOREIGN = 0;
  private static final int PARTIAL = 1;
  private static final int DROPPED = 2;

  private static RelayFixture shared;
  private static Relay sharedRelay;

  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    shared = new RelayFixture(sandbox, "shared", DROPPED + 1);
    shared.provision();
    sharedRelay = RelayFixture.relay(shared.config());
    sharedRelay.start();
  }

  @AfterAll
  static void stopRelay() {
    sharedRelay.close();
  }

  private static void alter(RelayFixture fixture, int shard, String change) throws SQLException {
    fixture.database(shard).run("ALTER TABLE outbox_events " + change);
  }

  @Test
  void tablesAlteredUnderLoadAreReadCorrectly(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "live", CHANGES.size());
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = RelayFixture.relay(fixture.config());
          Loads load = Loads.on(fixture, CHANGES.size(), committed)) {
        relay.start();
        load.awaitProgress();
        for (int shard = 0; shard < CHANGES.size(); shard++) {
          for (String change : CHANGES.get(shard)) {
            alter(fixture, shard, change);
            load.awaitProgress();
          }
        }
        load.end();
        audit.await(committed, BOUND);
      }
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  @Test
  void tablesAlteredWithoutARelayAreReadCorrectly(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "down", CHANGES.size());
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      for (int shard = 0; shard < CHANGES.size(); shard++) {
        NumberedEvents events = new NumberedEvents(fixture, shard, "down-" + shard, committed);
        events.commit(10);
        for (String change : CHANGES.get(shard)) {
          alter(fixture, shard, change);
          events.commit(10);
        }
      }
      continueWithAnotherRelay(fixture, committed, audit);
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  @Test
  void statementsAreNotParsedHoweverDeepTheyAre() throws Exception {
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(shared, FOREIGN, "foreign", committed);

    try (TopicAudit audit = TopicAudit.open(shared, FOREIGN)) {
      events.commit(10);
      shared.database(FOREIGN).run("CREATE TABLE orders (headers JSON)");
      shared.database(FOREIGN).run("ALTER TABLE orders " + UNPARSEABLE_COLUMN);
      shared.database(FOREIGN).run("ALTER TABLE orders ADD COLUMN sum INT AS (%s)".formatted(DEEP));
      alter(shared, FOREIGN, "ADD COLUMN sum INT AS (%s) FIRST".formatted(DEEP));
      events.commit(10);
      audit.await(committed, BOUND);
      ShardId shard = shared.source(FOREIGN).id();
      Await.until(() -> sharedRelay.states().get(shard) == ShardState.RUNNING);
    }
  }

  @Test
  void incompleteRowsStopTheShard(Sandbox sandbox) throws Exception {
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(shared, PARTIAL, "partial", committed);

    try (TopicAudit audit = TopicAudit.open(shared, PARTIAL)) {
      events.commit(10);
      audit.await(committed, BOUND);
      try (Connection writer = sandbox.mysql().connect();
          Statement statement = writer.createStatement()) {
        statement.execute("USE " + shared.database(PARTIAL).name());
        statement.execute("SET SESSION binlog_row_image = MINIMAL");
        statement.execute(INSERT_OF_A_ROW);
      }

      awaitStopped(PARTIAL, "a binlog_row_image other than FULL");
      awaitStopped(PARTIAL, "sluice-relay shards heal s%d --force".formatted(PARTIAL));
      StoppedShard.heal(shared, PARTIAL);
      audit.awaitAny(committed.count() + 1, BOUND);
      events.commit(10);
      audit.awaitAny(committed.count() + 1, BOUND);
    }
  }

  @Test
  void aDroppedMandatoryColumnStopsTheShard() throws Exception {
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(shared, DROPPED)) {
      new NumberedEvents(shared, DROPPED, "dropped", committed).commit(10);
      audit.await(committed, BOUND);
      alter(shared, DROPPED, "DROP COLUMN aggregate_id");
      shared
          .database(DROPPED)
          .run(INSERT_OF_A_ROW.replace("aggregate_id, ", "").replace("'r', ", ""));

      awaitStopped(DROPPED, "lacked column 'aggregate_id'");
    }
  }

  /** Without names in the binlog, it does not have the values of an ENUM either. */
  @Test
  void valuesOfAnEnumThatWasAlteredAgainStopTheShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "values", 1);
    alter(fixture, 0, "MODIFY event_type ENUM('t', 'u') NOT NULL");
    fixture.provision();
    fixture.database(0).run(INSERT_OF_A_ROW);
    alter(fixture, 0, "MODIFY event_type ENUM('u', 't') NOT NULL");

    try (Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      StoppedShard.await(relay, fixture, 0, "does not know the values of column 'event_type'");
    }
  }

  /** Such as the scripts that services run when they start, and new indexes. */
  @Test
  void laterStatementsThatChangeNoColumnDoNotStopTheShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "harmless", 1);
    alter(fixture, 0, "MODIFY event_type ENUM('t', 'u') NOT NULL");
    fixture.provision();
    fixture.database(0).run(INSERT_OF_A_ROW);
    sandbox.mysql().binaryLog().rotate();
    fixture.database(0).run(INSERT_OF_A_ROW);
    fixture.database(0).run(OutboxTable.ddl());
    alter(fixture, 0, "ADD INDEX later (event_type), COMMENT 'MODIFY event_type'");

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      topic.await(2);
    }
  }

  private static void awaitStopped(int shard, String words) {
    StoppedShard.await(sharedRelay, shared, shard, words);
  }

  /** Starts a relay that knows the tables only from the stored schema history. */
  private static void continueWithAnotherRelay(
      RelayFixture fixture, Committed committed, TopicAudit audit) throws SQLException {
    try (Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      String name = "on-" + committed.count();
      for (int shard = 0; shard < fixture.shards(); shard++) {
        new NumberedEvents(fixture, shard, name + "-" + shard, committed).commit(10);
      }
      audit.await(committed, BOUND);
    }
  }
}
