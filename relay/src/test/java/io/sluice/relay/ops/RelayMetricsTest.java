package io.sluice.relay.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.ShardState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RelayMetricsTest {

  private static final ShardId SHARD = ShardId.of("s0");

  private final SeenRelay relay = new SeenRelay();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RelayMetrics metrics = new RelayMetrics(relay, registry);

  private List<String> lines() {
    metrics.refresh();
    return registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private ShardStatistics ownShard() {
    relay.states.put(SHARD, ShardState.RUNNING);
    return relay.statistics.of(SHARD);
  }

  private static Stream<String> startingWith(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start));
  }

  @Test
  void countersFollowTheStatistics() {
    ShardStatistics statistics = ownShard();
    statistics.add(Counter.PUBLISHED_EVENTS, 7);
    statistics.add(Counter.PUBLISHED_BYTES, 700);
    statistics.add(Counter.OPERATOR_FAILURES, 1);
    statistics.add(Counter.BATCHES, 2);
    statistics.add(Counter.BATCH_NANOS, 3_000_000_000L);

    List<String> lines = lines();

    assertTrue(lines.contains("sluice_relay_events_published_total{shard=\"s0\"} 7.0"));
    assertTrue(lines.contains("sluice_relay_payload_published_bytes_total{shard=\"s0\"} 700.0"));
    assertTrue(lines.contains("sluice_relay_restarts_total{cause=\"operator\",shard=\"s0\"} 1.0"));
    assertTrue(lines.contains("sluice_relay_restarts_total{cause=\"transient\",shard=\"s0\"} 0.0"));
    assertTrue(lines.contains("sluice_relay_batches_seconds_count{shard=\"s0\"} 2"));
    assertTrue(lines.contains("sluice_relay_batches_seconds_sum{shard=\"s0\"} 3.0"));
    statistics.add(Counter.PUBLISHED_EVENTS, 1);
    assertTrue(lines().contains("sluice_relay_events_published_total{shard=\"s0\"} 8.0"));
  }

  @Test
  void everyCounterHasAMeter() {
    ShardStatistics statistics = ownShard();
    List<Counter> counters = List.of(Counter.values());
    for (int i = 0; i < counters.size(); i++) {
      statistics.add(counters.get(i), 1_000_000_000L * (i + 1));
    }

    List<Double> values =
        lines().stream().map(line -> Double.valueOf(line.substring(line.indexOf(' ')))).toList();

    for (int i = 0; i < counters.size(); i++) {
      Counter counter = counters.get(i);
      double shown = (counter == Counter.BATCH_NANOS ? 1 : 1_000_000_000.0) * (i + 1);
      assertTrue(values.contains(shown), counter + " is not shown");
    }
  }

  @Test
  void metersOfTheOwnerDisappearWithTheShard() {
    ShardStatistics statistics = ownShard();
    statistics.readUpTo(Instant.now().minusSeconds(60));
    statistics.stored(Instant.now().minusSeconds(5));
    statistics.headroom(Duration.ofDays(2));
    List<String> owned = lines();
    assertEquals(1, startingWith(owned, "sluice_relay_lag_seconds{shard=\"s0\"} 6").count());
    assertEquals(
        1, startingWith(owned, "sluice_relay_position_age_seconds{shard=\"s0\"} 5").count());
    assertTrue(owned.contains("sluice_relay_binlog_headroom_seconds{shard=\"s0\"} 172800.0"));
    assertTrue(owned.contains("sluice_relay_shard_state{shard=\"s0\",state=\"running\"} 1.0"));

    relay.states.clear();
    statistics.released();
    List<String> released = lines();

    assertEquals(
        0,
        released.stream()
            .filter(line -> line.matches("sluice_relay_(lag|position|binlog|shard_state).*"))
            .count());
    assertEquals(1, startingWith(released, "sluice_relay_events_published_total").count());
  }

  @Test
  void aShardIsInExactlyOneState() {
    ownShard();
    lines();
    relay.states.put(SHARD, ShardState.STOPPED);

    List<String> states = startingWith(lines(), "sluice_relay_shard_state").toList();

    assertEquals(ShardState.values().length, states.size());
    assertEquals(
        List.of("sluice_relay_shard_state{shard=\"s0\",state=\"stopped\"} 1.0"),
        states.stream().filter(line -> line.endsWith(" 1.0")).toList());
  }

  @Test
  void aShardThatIsNotOwnedHasAState() {
    relay.unowned.put(SHARD, ShardState.NOT_PROVISIONED);

    List<String> lines = lines();

    assertTrue(
        lines.contains("sluice_relay_shard_state{shard=\"s0\",state=\"not_provisioned\"} 1.0"));
    assertTrue(lines.contains("sluice_relay_shard_state{shard=\"s0\",state=\"running\"} 0.0"));
    assertEquals(0, startingWith(lines, "sluice_relay_lag_seconds").count());
  }

  @Test
  void failingMaintenanceIsShownUntilItWorks() {
    ShardStatistics statistics = ownShard();
    String meter = "sluice_relay_maintenance_failing_seconds{shard=\"s0\"} ";
    assertTrue(lines().contains(meter + "0.0"));

    statistics.fails("cleanup", "no privilege");
    assertTrue(
        startingWith(lines(), meter)
            .allMatch(line -> Double.parseDouble(line.substring(meter.length())) >= 0));
    assertTrue(
        statistics.failure().orElseThrow().toString().startsWith("does not work: cleanup, since"));

    statistics.works("cleanup");
    assertTrue(lines().contains(meter + "0.0"));
  }

  @Test
  void releasedShardsLeaveNoMeters() {
    ownShard().readUpTo(Instant.now());
    lines();
    int before = registry.getMeters().size();
    for (int i = 0; i < 50; i++) {
      relay.states.clear();
      lines();
      ownShard();
      lines();
    }

    assertEquals(before, registry.getMeters().size());
  }

  @Test
  void metersOfTheRelayAreShown() {
    metrics.bind();
    relay.leftovers = 3;
    List<String> lines = lines();

    assertTrue(lines.contains("sluice_relay_leftovers_threads 3.0"));
    assertTrue(lines.contains("sluice_relay_joined 0.0"));
    assertFalse(lines.stream().anyMatch(line -> line.contains("shard=")));
  }

  @Test
  void everyMeterIsDocumented() throws IOException {
    String page = Files.readString(Path.of("../docs/operating.md"));
    ShardStatistics statistics = ownShard();
    statistics.readUpTo(Instant.now());
    statistics.stored(Instant.now());
    statistics.headroom(Duration.ofDays(2));
    metrics.bind();
    metrics.refresh();

    for (Meter meter : registry.getMeters()) {
      String name = meter.getId().getConventionName(registry.config().namingConvention());
      assertTrue(page.contains("`" + name), name + " is not in docs/operating.md");
    }
  }
}
