package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.proxy.Cut;
import io.sluice.sandbox.proxy.FaultProxy;
import io.sluice.sandbox.server.KafkaServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relay tells its operators. */
@SandboxTest
class OperatingIT {

  private static final ShardId S0 = ShardId.of("s0");

  @TempDir private Path folder;

  /** The last event is older and older, but everything is read. */
  @Test
  void otherTrafficOfTheServerIsNoLag(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "foreign", 1);
    fixture.provision();
    Database other = sandbox.database("other");
    other.run("CREATE TABLE t (n INT)");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader topic = fixture.reader(EventDomain.CHAT);
        Connection connection = other.connect();
        Statement statement = connection.createStatement()) {
      relay.start();
      fixture.write(0, RelayFixture.chat("r", "{}"));
      topic.await(1);
      Instant written = Instant.now();
      // Also an idle moment would reset the lag, so the traffic never ends.
      while (written.plusSeconds(15).isAfter(Instant.now())) {
        statement.execute("INSERT INTO t VALUES (1)");
      }

      Duration lag = relay.statistics().of(S0).lag(Instant.now()).orElseThrow();
      assertTrue(lag.toSeconds() < 5, "lag " + lag);
      assertEquals(ShardState.RUNNING, relay.states().get(S0));
    }
  }

  @Test
  void maintenanceThatDoesNotWorkIsAnErrorOfTheDoctor(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "upkeep", 1);
    fixture.provision();
    fixture
        .database(0)
        .run(
            """
            INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
              event_data, status, created_at, updated_at, published_at)
            VALUES ('old', 'CHAT', 't', 'a', '1', '{}', 'PUBLISHED', '2020-01-01', '2020-01-01',
              '2020-01-01')""");
    RelayFile file = RelayFile.write(folder, fixture.config(), 0);

    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement();
        Relay relay = RelayFixture.relay(fixture.config())) {
      statement.execute(
          "REVOKE UPDATE, DELETE ON `%s`.outbox_events FROM '%s'"
              .formatted(
                  fixture.database(0).name(), fixture.source(0).server().login().username()));
      relay.start();
      Await.until(() -> relay.statistics().of(S0).failure().isPresent());
      Await.until(
          () -> file.run("doctor").output().contains("does not work: cleanup of PUBLISHED rows"));
      Commands doctor = file.run("doctor");
      assertEquals(1, doctor.exitCode(), doctor.output());
    }
  }

  /** Each run publishes before its connection is cut, so the next one starts without delay. */
  @Test
  void aRunThatMakesProgressResetsTheBackoff(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "backoff", 1);
    fixture.provision();

    try (FaultProxy proxy = FaultProxy.to(sandbox.mysql().host(), sandbox.mysql().port());
        TopicReader topic = fixture.reader(EventDomain.CHAT);
        LogCapture log = new LogCapture()) {
      try (Relay relay =
          RelayFixture.relay(
              ConfigVariants.through(fixture.config(), proxy), TestTimings.OF_BROKEN_CONNECTIONS)) {
        relay.start();
        for (int run = 1; run <= 6; run++) {
          fixture.write(0, RelayFixture.chat("r", "{}"));
          topic.await(run);
          Await.until(() -> relay.states().get(S0) == ShardState.RUNNING);
          int failures = run;
          proxy.cutAll(Cut.RESET);
          Await.until(
              () -> relay.statistics().of(S0).count(Counter.TRANSIENT_FAILURES) >= failures);
        }
      }
      // The sixth wait would be at least 800 ms: 50 ms, doubled five times, with a jitter of half.
      long longest =
          Pattern.compile("next try in (\\d+) ms")
              .matcher(log.all())
              .results()
              .mapToLong(wait -> Long.parseLong(wait.group(1)))
              .max()
              .orElseThrow();
      assertTrue(longest < 400, "waited " + longest + " ms");
    }
  }

  /** With the periods of production: 12 s without a heartbeat, and the end of what hangs. */
  @Tag("fault")
  @Test
  void aHalfOpenConnectionIsReplaced(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "halfopen", 1);
    fixture.provision();

    try (FaultProxy proxy = FaultProxy.to(sandbox.mysql().host(), sandbox.mysql().port());
        TopicReader topic = fixture.reader(EventDomain.CHAT);
        Relay relay = Relay.of(ConfigVariants.through(fixture.config(), proxy))) {
      relay.start();
      fixture.write(0, RelayFixture.chat("r", "{}"));
      topic.await(1);
      Await.until(() -> relay.states().get(S0) == ShardState.RUNNING);
      proxy.freeze();
      Instant frozen = Instant.now();

      Await.until(
          Duration.ofMinutes(2), "the report", () -> relay.states().get(S0) == ShardState.WAITING);
      assertTrue(Duration.between(frozen, Instant.now()).toSeconds() < 18);
      Await.until(
          Duration.ofMinutes(2),
          "the end of the run",
          () -> relay.statistics().of(S0).count(Counter.TRANSIENT_FAILURES) > 0);
      Duration took = Duration.between(frozen, Instant.now());
      assertTrue(took.toSeconds() < 30, "replaced after " + took.toSeconds() + " s");
    }
  }

  /** Also without a single event: what is idle today has to publish tomorrow. */
  @Tag("fault")
  @Test
  void brokersThatAreDownAreSeenInReadinessStateAndLag(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "brokers", 1);
    try (KafkaServer kafka = KafkaServer.start()) {
      var config =
          ConfigVariants.with(
              fixture.config(),
              new KafkaSettings(Map.of("bootstrap.servers", kafka.bootstrapServers())));
      RelayFixture.provision(config);
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        Await.until(() -> relay.states().get(S0) == ShardState.RUNNING);
        Await.until(relay::hasJoined);
        ShardStatistics statistics = relay.statistics().of(S0);
        // On a server with other traffic, it is known only after some seconds.
        Await.until(() -> statistics.lag(Instant.now()).isPresent());
        kafka.kill();

        Await.until(Duration.ofMinutes(1), "no readiness", () -> !relay.hasJoined());
        Await.until(
            Duration.ofMinutes(1),
            "a lag of 10 s",
            () -> statistics.lag(Instant.now()).orElse(Duration.ZERO).toSeconds() > 10);
        assertNotEquals(ShardState.RUNNING, relay.states().get(S0));

        kafka.restart();
        Await.until(
            Duration.ofMinutes(2),
            "the state before",
            () -> relay.hasJoined() && relay.states().get(S0) == ShardState.RUNNING);
      }
    }
  }
}
