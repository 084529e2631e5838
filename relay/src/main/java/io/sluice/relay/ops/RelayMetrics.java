package io.sluice.relay.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.shard.ShardState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A relay's meters, evaluated when they are read. Shards come and go while a relay runs, so call
 * {@link #refresh} before each read. Thread-safe.
 *
 * <p>The counters of a shard stay until the process ends. Gauges that only the owner can measure
 * are removed when the shard moves to another relay.
 */
final class RelayMetrics {

  private final ObservedRelay relay;
  private final MeterRegistry registry;
  private final MultiGauge states;
  private final MultiGauge lag;
  private final MultiGauge positionAge;
  private final MultiGauge headroom;
  private final MultiGauge failing;
  private final Set<ShardId> counted = new HashSet<>(); // guarded by this

  /** Meters of this relay in this registry. */
  RelayMetrics(ObservedRelay relay, MeterRegistry registry) {
    this.relay = relay;
    this.registry = registry;
    this.states =
        MultiGauge.builder("sluice.relay.shard.state")
            .description("1 for the state a configured shard is in, as this relay sees it")
            .register(registry);
    this.lag = seconds("sluice.relay.lag", "How far Kafka lies behind the shard's server");
    this.positionAge =
        seconds("sluice.relay.position.age", "Time since the shard's position was last stored");
    this.headroom =
        seconds(
            "sluice.relay.binlog.headroom",
            "For how long the shard's server will keep what was not read yet");
    this.failing =
        seconds(
            "sluice.relay.maintenance.failing",
            "For how long a part of the shard's maintenance has not worked; 0 if all of it works");
  }

  private MultiGauge seconds(String name, String description) {
    return MultiGauge.builder(name).description(description).baseUnit("seconds").register(registry);
  }

  /** Registers the meters that do not depend on shards. */
  void bind() {
    Gauge.builder("sluice.relay.joined", relay, seen -> seen.hasJoined() ? 1 : 0)
        .description("Whether the relay is a member of its group and the brokers answer")
        .register(registry);
    Gauge.builder("sluice.relay.leftovers", relay, ObservedRelay::leakedThreads)
        .description("Threads of closed engines that did not end")
        .baseUnit("threads")
        .register(registry);
  }

  /** Registers and removes meters of shards. */
  synchronized void refresh() {
    relay
        .statistics()
        .all()
        .forEach(
            (shard, statistics) -> {
              if (counted.add(shard)) {
                ShardCounters.bind(shard, statistics, registry);
              }
            });
    Map<ShardId, ShardState> owned = relay.states();
    Map<ShardId, ShardState> all = new HashMap<>(relay.unowned());
    all.putAll(owned);
    states.register(all.entrySet().stream().flatMap(RelayMetrics::stateRows).toList(), true);
    Instant now = Instant.now();
    lag.register(rows(owned.keySet(), statistics -> statistics.lag(now)), true);
    positionAge.register(
        rows(
            owned.keySet(),
            statistics -> statistics.storedAt().map(stored -> Duration.between(stored, now))),
        true);
    headroom.register(rows(owned.keySet(), ShardStatistics::headroom), true);
    failing.register(
        rows(
            owned.keySet(),
            statistics ->
                Optional.of(
                    statistics
                        .failure()
                        .map(failure -> Duration.between(failure.since(), now))
                        .orElse(Duration.ZERO))),
        true);
  }

  private static Stream<Row<?>> stateRows(Map.Entry<ShardId, ShardState> shard) {
    return Stream.of(ShardState.values())
        .map(
            state ->
                Row.of(
                    Tags.of(
                        ShardCounters.SHARD,
                        shard.getKey().value(),
                        "state",
                        state.name().toLowerCase(Locale.ROOT)),
                    state == shard.getValue() ? 1 : 0));
  }

  private List<Row<?>> rows(
      Set<ShardId> owned, Function<ShardStatistics, Optional<Duration>> measured) {
    return owned.stream()
        .<Row<?>>flatMap(
            shard ->
                measured.apply(relay.statistics().of(shard)).stream().map(time -> row(shard, time)))
        .toList();
  }

  private static Row<?> row(ShardId shard, Duration time) {
    double seconds = time.toMillis() / 1_000.0;
    return Row.of(Tags.of(ShardCounters.SHARD, shard.value()), seconds);
  }
}
