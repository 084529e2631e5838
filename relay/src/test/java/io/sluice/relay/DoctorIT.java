package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.KafkaServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SandboxTest
class DoctorIT {

  @TempDir private Path folder;

  @Test
  void reportsNoErrorForAGoodSetup(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "right", 1);
    fixture.provision();

    Commands doctor =
        RelayFile.write(folder, fixture.config(), "domains: [CHAT]\n", 0).run("doctor");

    // The fixture's topics are smaller than the default.
    assertEquals(0, doctor.exitCode(), doctor.output());
    assertTrue(doctor.output().contains("0 error(s)"), doctor.output());
  }

  @Test
  void reportsProblemsWithTheirRemedies(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "wrong", 2);
    sandbox.topics().create("wrong.positions", 1, Map.of("cleanup.policy", "delete"));
    sandbox.topics().create("wrong-event-chat", 1, Map.of("max.message.bytes", "1000"));
    fixture.provision();
    fixture.database(1).run("ALTER TABLE outbox_events DROP COLUMN aggregate_id");
    RelayFile file = RelayFile.write(folder, fixture.config(), "domains: [CHAT]\n", 1);

    Commands doctor = file.run("doctor --output json");

    assertEquals(1, doctor.exitCode());
    for (String problem :
        new String[] {
          "wrong.positions has the cleanup policy 'delete'",
          "accepts batches of 1000 bytes",
          "lacks column 'aggregate_id'",
          "registered (ACTIVE), but not in this configuration",
          "set the topic's cleanup.policy to compact"
        }) {
      assertTrue(doctor.output().contains(problem), problem + " is not in " + doctor.output());
    }
  }

  @Test
  void reportsDeletedTopics(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "gone", 1);
    RelayFile file = RelayFile.write(folder, fixture.config(), "domains: [CHAT]\n", 0);
    assertTrue(!file.run("doctor").output().contains("does not exist"));
    RelayFixture.provision(file.read());
    assertTrue(!file.run("doctor").output().contains("does not exist"));
    List<String> deleted =
        List.of(fixture.eventTopics() + "chat", fixture.config().identity().topics().repairs());
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      admin.deleteTopics(deleted).all().get(30, TimeUnit.SECONDS);
    }

    Commands doctor = file.run("doctor");

    for (String topic : deleted) {
      assertTrue(
          doctor.output().contains("kafka: WARNING: topic %s does not exist".formatted(topic)),
          doctor.output());
    }
  }

  /** Each command waits for the timeout of one request to Kafka. */
  @Tag("fault")
  @Test
  void unreachableBrokersAreReportedInOneLine() throws Exception {
    RelayFile file =
        new RelayFile(
            Files.writeString(
                folder.resolve("relay.yaml"),
                """
                kafka: {bootstrap.servers: "127.0.0.1:1"}
                shards:
                  - {id: s0, host: 127.0.0.1, port: 1, database: d, username: u, password: "p", server-id: 1}
                """));

    Commands list = file.run("shards list");
    assertEquals(1, list.exitCode());
    assertEquals(1, list.error().lines().count(), list.error());
    Commands doctor = file.run("doctor");
    assertEquals(1, doctor.exitCode());
    assertTrue(
        doctor.output().contains("kafka: ERROR: the brokers at 127.0.0.1:1 do not answer"),
        doctor.output());
    assertTrue(doctor.output().contains("shard 's0': ERROR: shard 's0' at 127.0.0.1:1"));
    assertTrue(doctor.output().contains("2 error(s), 0 warning(s)"), doctor.output());
  }

  @Test
  void brokersWithAnOldTransactionVersionAreRefused(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "old", 1);
    try (KafkaServer kafka = KafkaServer.start()) {
      setTransactionVersion(kafka, (short) 1, UpgradeType.SAFE_DOWNGRADE);
      RelayConfig config = at(kafka, fixture.config(EventDomain.CHAT));
      RelayFile file = RelayFile.write(folder, config, 0);

      Commands doctor = file.run("doctor");
      assertEquals(1, doctor.exitCode());
      assertTrue(doctor.output().contains("support transaction.version 1"), doctor.output());
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        String end = relay.end().get(60, TimeUnit.SECONDS);
        assertTrue(end.contains("upgrade --feature transaction.version=2"), end);
      }
      setTransactionVersion(kafka, (short) 2, UpgradeType.UPGRADE);
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        Await.until(relay::hasJoined);
      }
    }
  }

  private static RelayConfig at(KafkaServer kafka, RelayConfig config) {
    return ConfigVariants.with(
        config, new KafkaSettings(Map.of("bootstrap.servers", kafka.bootstrapServers())));
  }

  private static void setTransactionVersion(KafkaServer kafka, short version, UpgradeType type)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .updateFeatures(
              Map.of("transaction.version", new FeatureUpdate(version, type)),
              new UpdateFeaturesOptions())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }
}
