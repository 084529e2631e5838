package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.shard.ShardTable;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several shards of one server, whose binlog is read by one engine. */
@Tag("containers")
@SandboxTest
class SeveralShardsIT {

  private static RelayConfig oneSource(RelayFixture fixture, int shards) {
    List<ShardTable> tables = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      tables.addAll(fixture.source(i).tables());
    }
    return fixture
        .config()
        .withShards(
            List.of(new ShardSource(ShardId.of("all"), fixture.source(0).server(), tables)));
  }

  @Test
  void oneEngineReadsAllShardsAndContinuesInsideATransactionOfTwoShards(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "several", 3);
    for (int i = 1; i < 3; i++) {
      grantOfFirst(sandbox, fixture, i);
    }
    RelayConfig config = oneSource(fixture, 3);
    RelayFixture.provision(config);
    int rows = 3_000;

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      writeAcross(sandbox, fixture, rows);
      for (int restart = 1; restart <= 3; restart++) {
        try (Relay relay = RelayFixture.relay(config)) {
          relay.start();
          topic.await(restart * rows / 4);
        }
      }
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        OutboxEvent last = RelayFixture.chat("last", "{}");
        fixture.write(2, last);
        List<ConsumerRecord<String, byte[]>> records = topic.awaitId(last.id());

        assertEquals(rows + 1, records.size());
        assertEquals(rows + 1, TopicReader.ids(records).stream().distinct().count());
        assertEquals(
            Map.of("s0", rows / 2L, "s1", rows / 2L, "s2", 1L),
            records.stream()
                .collect(
                    Collectors.groupingBy(
                        record -> TopicReader.header(record, "outbox-shard"),
                        Collectors.counting())));
        Await.until(() -> relay.states().equals(Map.of(ShardId.of("all"), ShardState.RUNNING)));
        assertEquals(1, dumps(sandbox, fixture));
      }
    }
  }

  /** The source uses the account of the first shard. */
  private static void grantOfFirst(Sandbox sandbox, RelayFixture fixture, int shard)
      throws Exception {
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute(
          "GRANT SELECT, UPDATE, DELETE ON `%s`.outbox_events TO '%s'@'%%'"
              .formatted(
                  fixture.database(shard).name(), fixture.source(0).server().login().username()));
    }
  }

  /** One transaction with alternating rows of two shards. */
  private static void writeAcross(Sandbox sandbox, RelayFixture fixture, int rows)
      throws Exception {
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      admin.setAutoCommit(false);
      for (int i = 0; i < rows; i++) {
        statement.execute("USE `" + fixture.database(i % 2).name() + "`");
        fixture.append(admin, RelayFixture.chat("room-" + i % 7, "{\"n\":" + i + "}"));
      }
      admin.commit();
    }
  }

  private static int dumps(Sandbox sandbox, RelayFixture fixture) throws Exception {
    String user = fixture.source(0).server().login().username();
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement();
        var row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM performance_schema.processlist WHERE user = '"
                    + user
                    + "' AND command LIKE 'Binlog Dump%'")) {
      row.next();
      return row.getInt(1);
    }
  }
}
