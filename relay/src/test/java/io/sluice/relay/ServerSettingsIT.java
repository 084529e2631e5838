package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.MySqlSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with settings that the default server does not have. */
@Tag("fault")
@SandboxTest
class ServerSettingsIT {

  @TempDir private Path folder;

  @Test
  void aTimeZoneThatTheDriverDoesNotKnow(Sandbox shared) throws Exception {
    try (MySqlServer mysql = MySqlServer.start(MySqlSettings.inTimeZone("CEST-2"))) {
      RelayFixture fixture = fixture(shared, mysql, "zone");

      assertIsRelayed(fixture, fixture.config(EventDomain.CHAT));
    }
  }

  @Test
  void aServerThatComparesNamesWithoutCase(Sandbox shared) throws Exception {
    try (MySqlServer mysql =
        MySqlServer.start(MySqlSettings.withArguments("--lower-case-table-names=1"))) {
      RelayFixture fixture = fixture(shared, mysql, "folded");
      ShardSource source = fixture.source(0);
      ShardTable table = source.tables().get(0);
      ShardTable mixed =
          new ShardTable(
              table.shard(),
              table.database().toUpperCase(Locale.ROOT),
              TableLayout.shipped("Outbox_Events", Optional.empty()));

      assertIsRelayed(
          fixture,
          fixture
              .config(EventDomain.CHAT)
              .withShards(List.of(ShardSource.of(source.server(), mixed))));
    }
  }

  @Test
  void aNameInAnotherCaseIsAnotherTable(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "cased", 1);
    fixture.database(0).run("CREATE TABLE OUTBOX_EVENTS LIKE outbox_events");
    RelayFixture.provision(fixture.config());
    OutboxEvent first = RelayFixture.chat("r", "{}");
    fixture.write(0, first);
    fixture.database(0).run("INSERT INTO OUTBOX_EVENTS SELECT * FROM outbox_events");
    fixture.database(0).run("ALTER TABLE OUTBOX_EVENTS ADD COLUMN other INT FIRST");
    OutboxEvent last = RelayFixture.chat("r", "{}");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader reader = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, last);
      assertEquals(
          List.of(first.id().toString(), last.id().toString()),
          TopicReader.ids(reader.awaitId(last.id())));
    }
  }

  private static RelayFixture fixture(Sandbox shared, MySqlServer mysql, String name)
      throws SQLException {
    return new RelayFixture(Sandbox.on(new SandboxServers(mysql, shared.kafka()), name), name, 1);
  }

  /** Whatever the doctor accepts is relayed: the next row, with its time. */
  private void assertIsRelayed(RelayFixture fixture, RelayConfig config) throws Exception {
    RelayFixture.provision(config);
    Commands doctor = RelayFile.write(folder, config, "domains: [CHAT]\n", 0).run("doctor");
    assertTrue(doctor.output().contains("0 error(s)"), doctor.output());
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", "r")
            .json("{}")
            .createdAt(Instant.now().minusSeconds(60))
            .build();

    try (Relay relay = RelayFixture.relay(config);
        TopicReader reader = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, event);
      ConsumerRecord<String, byte[]> record = reader.awaitId(event.id()).get(0);
      assertEquals(
          event.createdAt().toString(), TopicReader.header(record, RecordHeaders.CREATED_AT));
    }
  }
}
