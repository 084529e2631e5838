package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.KafkaServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers with a policy for new topics. */
@Tag("fault")
@SandboxTest
class BrokerPolicyIT {

  private static KafkaServer kafka;

  @TempDir private Path folder;

  @BeforeAll
  static void startKafka() throws Exception {
    Path classes =
        Path.of(SegmentPolicy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    kafka =
        KafkaServer.start(
            new io.sluice.sandbox.server.api.KafkaSettings(
                Map.of("create.topic.policy.class.name", SegmentPolicy.class.getName()),
                List.of(classes)));
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  private static RelayConfig config(RelayFixture fixture) {
    return ConfigVariants.with(
        fixture.config(EventDomain.CHAT),
        new KafkaSettings(Map.of("bootstrap.servers", kafka.bootstrapServers())));
  }

  @Test
  void aPolicyAgainstSmallSegmentsIsMet(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "segments", 1);
    RelayConfig config = config(fixture);
    RelayFixture.provision(config);
    OutboxEvent event = RelayFixture.chat("r", "{}");

    try (Relay relay = RelayFixture.relay(config);
        TopicReader reader =
            TopicReader.open(kafka.bootstrapServers(), fixture.eventTopics() + "chat")) {
      relay.start();
      fixture.write(0, event);
      reader.awaitId(event.id());
    }
  }

  @Test
  void aPolicyThatCannotBeMetEndsTheRelayAndIsAnErrorOfTheDoctor(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, SegmentPolicy.FORBIDDEN, 1);
    RelayConfig config = config(fixture);

    Commands doctor = RelayFile.write(folder, config, "domains: [CHAT]\n", 0).run("doctor");
    assertTrue(doctor.exitCode() == 1, doctor.output());
    assertTrue(doctor.output().contains("kafka: ERROR: topic "), doctor.output());
    assertTrue(doctor.output().contains("no topics for forbidden"), doctor.output());
    try (Relay relay = RelayFixture.relay(config)) {
      relay.start();
      String end = relay.end().get(60, TimeUnit.SECONDS);
      assertTrue(end.contains("no topics for forbidden"), end);
      assertTrue(end.contains("create.topic.policy.class.name"), end);
    }
  }
}
