package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.ConfigVariants;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker with a quota, such as a shared one. */
@Tag("fault")
@SandboxTest
class SlowBrokerIT {

  private static final double BYTES_PER_SECOND = 80_000;
  private static final int LARGE = 1_900_000;
  private static final int BACKLOG = 60;

  @Test
  void aLargeEventAndABacklogPassABrokerThatIsSlow(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "slow", 1);
    RelayConfig config =
        ConfigVariants.with(
            fixture.config(),
            new KafkaSettings(
                Map.of(
                    "bootstrap.servers", sandbox.kafka().bootstrapServers(), "client.id", "slow")));
    RelayFixture.provision(config);
    limit(sandbox, "slow");

    try (Relay relay = RelayFixture.relay(config);
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      ShardStatistics statistics = relay.statistics().of(ShardId.of("s0"));
      fixture.write(0, event(LARGE));
      Await.until(
          Duration.ofMinutes(3),
          "the large event",
          () -> statistics.count(Counter.PUBLISHED_EVENTS) == 1);
      long failures = statistics.count(Counter.TRANSIENT_FAILURES);
      assertTrue(failures <= 2, failures + " attempts failed");

      for (int i = 0; i < BACKLOG; i++) {
        fixture.write(0, event(50_000));
      }
      Await.until(
          Duration.ofMinutes(3),
          "the backlog",
          () -> statistics.count(Counter.PUBLISHED_EVENTS) == 1 + BACKLOG);
      failures = statistics.count(Counter.TRANSIENT_FAILURES) - failures;
      assertTrue(failures <= 2, failures + " further attempts failed");
      assertEquals(1 + BACKLOG, topic.countDistinctIds(1 + BACKLOG));
    }
  }

  private static OutboxEvent event(int bytes) {
    return RelayFixture.chat("r", "\"" + "x".repeat(bytes) + "\"");
  }

  private static void limit(Sandbox sandbox, String clientId) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId)),
                      List.of(
                          new ClientQuotaAlteration.Op("producer_byte_rate", BYTES_PER_SECOND)))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }
}
