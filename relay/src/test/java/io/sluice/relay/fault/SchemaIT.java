package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
import io.sluice.relay.supervise.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are altered, while they are relayed and while nobody looks. */
@SandboxTest
class SchemaIT {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ShardId SHARD = ShardId.of("s0");

  /** Of MySQL's grammar, but not of the engine's. */
  private static final String UNPARSEABLE_COLUMN =
      "ADD COLUMN tenant VARCHAR(64) AS (JSON_VALUE(headers, '$.tenant' RETURNING CHAR(64))) STORED FIRST";

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
      try (Relay relay = Relay.of(fixture.config());
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
      assertAllRight(audit, committed);
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
      assertAllRight(audit, committed);
    }
  }

  @Test
  void whatCannotBeParsedOfOtherTablesIsNobodysBusiness(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "foreign", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "foreign", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        Relay relay = Relay.of(fixture.config())) {
      relay.start();
      events.commit(10);
      fixture.database(0).run("CREATE TABLE orders (headers JSON)");
      fixture.database(0).run("ALTER TABLE orders " + UNPARSEABLE_COLUMN);
      events.commit(10);
      audit.await(committed, BOUND);
      assertEquals(ShardState.RUNNING, relay.states().get(SHARD));
    }
  }

  @Test
  void aMandatoryColumnThatIsDroppedStopsTheShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "dropped", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "dropped", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        Relay relay = Relay.of(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
      fixture.database(0).run("ALTER TABLE outbox_events DROP COLUMN aggregate_id");
      fixture
          .database(0)
          .run(
              """
              INSERT INTO outbox_events (id, domain, event_type, aggregate_type, event_data,
                created_at, updated_at)
              VALUES (UUID(), 'CHAT', 't', 'a', '{}', NOW(6), NOW(6))""");

      StoppedShard.await(relay, fixture, "lacks column 'aggregate_id'");
    }
  }

  /** One that knows the table only from what others have written down of it. */
  private static void goOnWithAnotherRelay(
      RelayFixture fixture, Committed committed, TopicAudit audit) throws SQLException {
    NumberedEvents events = new NumberedEvents(fixture, 0, "on-" + committed.count(), committed);
    try (Relay relay = Relay.of(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
    }
  }

  /** Each event is there once, and each of its values where it belongs. */
  private static void assertAllRight(TopicAudit audit, Committed committed) {
    audit.assertHolds(committed);
    committed.byAggregate().values().stream()
        .flatMap(List::stream)
        .flatMap(id -> audit.of(id).stream())
        .forEach(SchemaIT::assertRight);
  }

  private static void assertRight(ConsumerRecord<String, byte[]> record) {
    assertEquals("message_sent", TopicReader.header(record, "eventType"));
    assertEquals("room", TopicReader.header(record, "aggregateType"));
    assertEquals(record.key(), TopicReader.header(record, "aggregateId"));
    assertEquals("(none)", TopicReader.header(record, "outbox-replay"));
    String number = TopicReader.text(record).replaceAll("\\{\"n\":(\\d+)}", "$1");
    assertEquals(
        Long.toString(Long.parseLong(number) % NumberedEvents.AGGREGATES),
        record.key().replaceFirst(".*-", ""));
  }
}
