package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.Domains.Completion;
import io.sluice.relay.record.Domains.Unpublishable;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** XA transactions, which are in the binlog when they are prepared, before their decision. */
@SandboxTest
class XaIT {

  private static final int BACKLOG = 0;
  private static final int COMPRESSED = 1;
  private static final int ONE_PHASE = 2;

  private static final int ROWS_OF_TRANSACTION = 1_000;

  /** More rows than the relay keeps open. */
  private static final int ROWS_OF_BACKLOG = 12 * ROWS_OF_TRANSACTION;

  private static RelayFixture shared;
  private static Relay sharedRelay;

  /** The backlog is decided before the relay starts. */
  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    shared = new RelayFixture(sandbox, "shared", ONE_PHASE + 1);
    shared.provision();
    for (int row = 0; row < ROWS_OF_BACKLOG; row += ROWS_OF_TRANSACTION) {
      commitPrepared(row);
    }
    sharedRelay = RelayFixture.relay(shared.config());
    sharedRelay.start();
  }

  @AfterAll
  static void stopRelay() {
    sharedRelay.close();
  }

  private static void commitPrepared(int firstRow) throws SQLException {
    String xid = shared.database(BACKLOG).name() + "-" + firstRow;
    try (Connection connection = shared.connect(BACKLOG);
        Statement statement = connection.createStatement()) {
      statement.execute("XA START '" + xid + "'");
      shared.append(
          connection,
          IntStream.range(firstRow, firstRow + ROWS_OF_TRANSACTION)
              .mapToObj(row -> RelayFixture.chat("r" + row, "{}"))
              .toArray(OutboxEvent[]::new));
      statement.execute("XA END '" + xid + "'");
      statement.execute("XA PREPARE '" + xid + "'");
      statement.execute("XA COMMIT '" + xid + "'");
    }
  }

  /** Prepares a transaction and closes its connection. */
  private static void prepare(RelayFixture fixture, String xid, OutboxEvent... events)
      throws Exception {
    try (Connection connection = fixture.connect(0);
        Statement statement = connection.createStatement()) {
      statement.execute("XA START '" + xid + "'");
      fixture.append(connection, events);
      statement.execute("XA END '" + xid + "'");
      statement.execute("XA PREPARE '" + xid + "'");
    }
  }

  private static void decide(RelayFixture fixture, String decision) throws Exception {
    try (Connection connection = fixture.database(0).connect();
        Statement statement = connection.createStatement()) {
      // The server releases the transaction of a closed connection after a delay.
      Await.until(
          () -> {
            try {
              statement.execute(decision);
              return true;
            } catch (SQLException e) {
              return false;
            }
          });
    }
  }

  @Test
  void aRollbackIsNeverVisibleAndACommitIsPublishedOnce(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "xa", 1);
    fixture.provision();
    OutboxEvent rolledBack = RelayFixture.chat("r", "{}");
    OutboxEvent committed = RelayFixture.chat("r", "{}");
    OutboxEvent before = RelayFixture.chat("r", "{}");
    OutboxEvent last = RelayFixture.chat("r", "{}");
    String rollback = fixture.database(0).name() + "-rollback";
    String commit = fixture.database(0).name() + "-commit";

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        prepare(fixture, rollback, rolledBack);
        prepare(fixture, commit, committed);
        fixture.write(0, before);
        topic.awaitId(before.id());
      }
      // The next owner inherits the rows that await their commit.
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        decide(fixture, "XA ROLLBACK '" + rollback + "'");
        decide(fixture, "XA COMMIT '" + commit + "'");
        topic.awaitId(committed.id());
        fixture.write(0, last);

        List<ConsumerRecord<String, byte[]>> records = topic.awaitId(last.id());
        assertEquals(
            List.of(before.id().toString(), committed.id().toString(), last.id().toString()),
            TopicReader.ids(records));
        assertEquals("xa", TopicReader.header(records.get(1), "outbox-replay"));
      }
    }
  }

  @Test
  void aBacklogOfXaTransactionsIsPublished() {
    try (TopicReader topic = shared.reader(EventDomain.CHAT, BACKLOG)) {
      assertEquals(ROWS_OF_BACKLOG, topic.countDistinctIds(ROWS_OF_BACKLOG));
      assertEquals(
          1, sharedRelay.statistics().of(shared.source(BACKLOG).id()).count(Counter.TAKEOVERS));
    }
  }

  /** More rows, and more bytes, than are published together. */
  @Test
  void rowsOfALargeTransactionKeepTheirOrder(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "large", 1);
    fixture.provision();
    String payload = "\"" + "x".repeat(10_000) + "\"";
    OutboxEvent[] events =
        IntStream.range(0, 600)
            .mapToObj(row -> RelayFixture.chat("r", payload))
            .toArray(OutboxEvent[]::new);
    String xid = fixture.database(0).name() + "-large";

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      prepare(fixture, xid, events);
      Await.until(
          () ->
              relay.statistics().of(ShardId.of("s0")).count(Counter.PREPARED_ROWS)
                  == events.length);
      decide(fixture, "XA COMMIT '" + xid + "'");
      assertEquals(
          Stream.of(events).map(event -> event.id().toString()).toList(),
          TopicReader.ids(topic.await(events.length)));
    }
  }

  /** One is refused by its domain, the other by Kafka. */
  @Test
  void refusedRowsDoNotBlockTheOthers(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "xastop", 1);
    sandbox
        .topics()
        .create("xastop-event-portfolio", 1, Map.of("message.timestamp.before.max.ms", "5000"));
    fixture.provision();
    Domains stopping =
        new Domains(
            Map.of(
                EventDomain.CHAT,
                Domains.Settings.DEFAULT,
                EventDomain.PORTFOLIO,
                new Domains.Settings(Completion.HANDLERS, Unpublishable.STOP)),
            Unpublishable.STOP);
    OutboxEvent late =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "opened")
            .aggregate("account", "7")
            .json("{}")
            .createdAt(Instant.now().minusSeconds(10))
            .build();
    OutboxEvent together = RelayFixture.chat("r", "{}");
    OutboxEvent unknown =
        OutboxEvent.builder(EventDomain.of("RISK"), "limit_hit")
            .aggregate("account", "7")
            .json("{}")
            .build();
    OutboxEvent good = RelayFixture.chat("r", "{}");
    String first = fixture.database(0).name() + "-first";
    String second = fixture.database(0).name() + "-second";

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      try (Relay relay = RelayFixture.relay(fixture.config(stopping))) {
        relay.start();
        prepare(fixture, first, unknown, late, together);
        prepare(fixture, second, good);
        Await.until(
            () -> relay.statistics().of(ShardId.of("s0")).count(Counter.PREPARED_ROWS) == 4);
        decide(fixture, "XA COMMIT '" + first + "'");
        decide(fixture, "XA COMMIT '" + second + "'");

        topic.awaitId(good.id());
        topic.awaitId(together.id());
        Await.until(() -> relay.statistics().of(ShardId.of("s0")).failure().isPresent());
      }
      try (Relay relay =
          RelayFixture.relay(fixture.config(EventDomain.CHAT, EventDomain.of("RISK")))) {
        relay.start();
        Await.until(() -> relay.states().get(ShardId.of("s0")) == ShardState.RUNNING);
        try (TopicReader risk = fixture.reader(EventDomain.of("RISK"))) {
          risk.awaitId(unknown.id());
        }
      }
    }
  }

  @Test
  void aRollbackInACompressedBinlogIsNotVisible(Sandbox sandbox) throws Exception {
    OutboxEvent rolledBack = RelayFixture.chat("r", "{}");
    OutboxEvent last = RelayFixture.chat("r", "{}");
    String xid = shared.database(COMPRESSED).name() + "-compressed";

    try (TopicReader topic = shared.reader(EventDomain.CHAT, COMPRESSED)) {
      compressed(
          sandbox,
          admin -> {
            try (Statement statement = admin.createStatement()) {
              statement.execute("XA START '" + xid + "'");
              shared.append(admin, rolledBack);
              statement.execute("XA END '" + xid + "'");
              statement.execute("XA PREPARE '" + xid + "'");
              statement.execute("XA ROLLBACK '" + xid + "'");
            }
          });
      compressed(
          sandbox,
          admin -> {
            shared.append(admin, last);
            admin.commit();
          });

      assertEquals(List.of(last.id().toString()), TopicReader.ids(topic.awaitId(last.id())));
    }
  }

  private interface Work {
    void in(Connection connection) throws SQLException;
  }

  /** Runs work with binlog compression, which makes each transaction one binlog event. */
  private static void compressed(Sandbox sandbox, Work work) throws Exception {
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute("USE `" + shared.database(COMPRESSED).name() + "`");
      statement.execute("SET SESSION binlog_transaction_compression = ON");
      admin.setAutoCommit(false);
      work.in(admin);
    }
  }

  @Test
  void aCommitInOnePhaseIsPublished() throws Exception {
    OutboxEvent event = RelayFixture.chat("r", "{}");
    String xid = shared.database(ONE_PHASE).name();

    try (TopicReader topic = shared.reader(EventDomain.CHAT, ONE_PHASE)) {
      try (Connection connection = shared.connect(ONE_PHASE);
          Statement statement = connection.createStatement()) {
        statement.execute("XA START '" + xid + "'");
        shared.append(connection, event);
        statement.execute("XA END '" + xid + "'");
        statement.execute("XA COMMIT '" + xid + "' ONE PHASE");
      }

      assertEquals(List.of(event.id().toString()), TopicReader.ids(topic.awaitId(event.id())));
    }
  }
}
