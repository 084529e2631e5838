package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.RegisteredShard.Move;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is known of the sources: where the configuration has them, and what the group has made of
 * them. Both change while a relay runs. Thread-safe.
 */
public final class ShardDirectory {

  private final Supplier<Map<ShardId, RegisteredShard>> registered;
  private volatile Map<ShardId, ShardSource> configured = Map.of();

  /**
   * A directory without sources.
   *
   * @param registered the newest known registry
   */
  public ShardDirectory(
      Collection<ShardSource> configured, Supplier<Map<ShardId, RegisteredShard>> registered) {
    this.registered = registered;
    configure(configured);
  }

  /** A source that is both configured and registered, at the address that counts. */
  public record KnownSource(ShardSource source, RegisteredShard registered) {}

  /** Takes a new configuration. */
  public void configure(Collection<ShardSource> sources) {
    Map<ShardId, ShardSource> byId = new TreeMap<>();
    sources.forEach(source -> byId.put(source.id(), source));
    configured = byId;
  }

  /** All that are configured. */
  public Map<ShardId, ShardSource> configured() {
    return configured;
  }

  /** All that are registered. */
  public Map<ShardId, RegisteredShard> registered() {
    return registered.get();
  }

  /** How many partitions it takes for each registered source to have its own. */
  public int partitions() {
    return registered().values().stream().mapToInt(RegisteredShard::partition).max().orElse(0) + 1;
  }

  /** Which source has this partition. */
  public Optional<RegisteredShard> withPartition(int partition) {
    return registered().values().stream()
        .filter(source -> source.partition() == partition)
        .findFirst();
  }

  /**
   * The source as it is now.
   *
   * @throws OperatorNeededException if this relay's configuration does not have it, or has it with
   *     other shards
   */
  public KnownSource get(ShardId id) {
    RegisteredShard known =
        Optional.ofNullable(registered().get(id))
            .orElseThrow(
                () ->
                    new TransientException(
                        "shard '%s' is not registered (any more)".formatted(id), null));
    ShardSource source =
        Optional.ofNullable(configured.get(id))
            .orElseThrow(
                () ->
                    new OperatorNeededException(
                        "shard '%s' is registered, but not in this relay's configuration"
                            .formatted(id),
                        "give all relays of the group the same shards; or drain and remove it"
                            + " (sluice-relay shards drain %s)".formatted(id)));
    known.requireShardsOf(source);
    return new KnownSource(moved(source, known), known);
  }

  /** A move holds until the configuration names another address than the one it left. */
  private static ShardSource moved(ShardSource source, RegisteredShard registered) {
    ShardServer server = source.server();
    return registered
        .moved()
        .filter(move -> move.from().equals(server.address()))
        .map((Move move) -> source.on(server.at(move.host(), move.port())))
        .orElse(source);
  }
}
