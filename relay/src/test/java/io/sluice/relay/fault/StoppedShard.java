package io.sluice.relay.fault;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.assign.ShardOwners;
import io.sluice.relay.assign.ShardOwners.Owner;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.heal.PositionHealer;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.PositionReader;
import io.sluice.relay.ledger.StoredPosition;
import io.sluice.relay.provision.RegistryEditor;
import io.sluice.relay.supervise.ShardState;
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
        PositionHealer.token(
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
