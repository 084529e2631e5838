package io.sluice.relay.fault;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardOwners;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.StoredPosition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The first shard of a fixture, once it needs an operator. */
final class StoppedShard {

  private static final ShardId SHARD = ShardId.of("s0");
  private static final int PARTITION = 0;
  private static final Duration BOUND = Duration.ofMinutes(1);

  private StoppedShard() {}

  /** Waits until it has stopped and its relay has reported these words. */
  static void await(Relay relay, RelayFixture fixture, String words) {
    Await.until(
        BOUND,
        () -> "a stop with '%s', not '%s'".formatted(words, report(fixture)),
        () -> relay.states().get(SHARD) == ShardState.STOPPED && report(fixture).contains(words));
  }

  /** What {@code shards heal --force} does to it. */
  static void heal(RelayFixture fixture) {
    RelayConfig config = fixture.config();
    InternalTopics topics = config.identity().topics();
    RegistryEditor registry = new RegistryEditor(config.kafka(), topics);
    String token =
        PositionRecovery.token(
            PositionReader.read(config.kafka(), topics.slot(SHARD, PARTITION))
                .map(StoredPosition::position));
    registry.edit(
        present ->
            List.of(registry.record(Objects.requireNonNull(present.get(SHARD)).healing(token))));
  }

  private static String report(RelayFixture fixture) {
    RelayConfig config = fixture.config();
    InternalTopics topics = config.identity().topics();
    return Optional.ofNullable(
            new ShardOwners(config.kafka(), topics.relays(), topics.positions())
                .read()
                .get(PARTITION))
        .map(Owner::state)
        .orElse("");
  }
}
