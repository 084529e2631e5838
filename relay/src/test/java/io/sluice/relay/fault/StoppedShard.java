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
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.StoredPosition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A shard of a fixture that needs an operator. */
final class StoppedShard {

  private static final Duration BOUND = Duration.ofMinutes(1);

  private StoppedShard() {}

  /** Waits until the shard is stopped and its relay has reported these words. */
  static void await(Relay relay, RelayFixture fixture, int shard, String words) {
    ShardId id = fixture.source(shard).id();
    Await.until(
        BOUND,
        () -> "a stop with '%s', not '%s'".formatted(words, report(fixture, id)),
        () -> relay.states().get(id) == ShardState.STOPPED && report(fixture, id).contains(words));
  }

  /** Approves a recovery like {@code shards heal --force}. */
  static void heal(RelayFixture fixture, int shard) {
    RelayConfig config = fixture.config();
    RegisteredShard registered = registered(fixture, fixture.source(shard).id());
    String token =
        PositionRecovery.token(
            PositionReader.read(
                    config.kafka(),
                    config.identity().topics().slot(registered.id(), registered.partition()))
                .map(StoredPosition::position));
    RegistryEditor registry = registry(fixture);
    registry.edit(
        present ->
            List.of(
                registry.record(
                    Objects.requireNonNull(present.get(registered.id())).withApproval(token))));
  }

  private static String report(RelayFixture fixture, ShardId shard) {
    RelayConfig config = fixture.config();
    InternalTopics topics = config.identity().topics();
    return Optional.ofNullable(
            new ShardOwners(config.kafka(), topics.relays(), topics.positions())
                .read()
                .get(registered(fixture, shard).partition()))
        .map(Owner::state)
        .orElse("");
  }

  private static RegisteredShard registered(RelayFixture fixture, ShardId shard) {
    return Objects.requireNonNull(registry(fixture).read().get(shard));
  }

  private static RegistryEditor registry(RelayFixture fixture) {
    RelayConfig config = fixture.config();
    return new RegistryEditor(config.kafka(), config.identity().topics());
  }
}
