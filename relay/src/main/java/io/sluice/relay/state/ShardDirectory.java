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
 * Shards in the relay's configuration and in the registry. Both can change while a relay runs.
 * Thread-safe.
 */
public final class ShardDirectory {

  private final Supplier<Map<ShardId, RegisteredShard>> registered;
  private volatile Map<ShardId, ShardSource> configured = Map.of();

  /**
   * Creates a directory.
   *
   * @param configured the configured sources
   * @param registered supplies the newest known content of the registry
   */
  public ShardDirectory(
      Collection<ShardSource> configured, Supplier<Map<ShardId, RegisteredShard>> registered) {
    this.registered = registered;
    configure(configured);
  }

  /** A source that is both configured and registered, with its current address. */
  public record KnownSource(ShardSource source, RegisteredShard registered) {}

  /** Replaces the configured sources. */
  public void configure(Collection<ShardSource> sources) {
    Map<ShardId, ShardSource> byId = new TreeMap<>();
    sources.forEach(source -> byId.put(source.id(), source));
    configured = byId;
  }

  /** Returns all configured sources. */
  public Map<ShardId, ShardSource> configured() {
    return configured;
  }

  /** Returns all registered sources. */
  public Map<ShardId, RegisteredShard> registered() {
    return registered.get();
  }

  /** Returns the number of partitions that the registered sources need. */
  public int partitions() {
    return registered().values().stream().mapToInt(RegisteredShard::partition).max().orElse(0) + 1;
  }

  /** Finds the source with this partition. */
  public Optional<RegisteredShard> withPartition(int partition) {
    return registered().values().stream()
        .filter(source -> source.partition() == partition)
        .findFirst();
  }

  /**
   * Returns the current state of a source.
   *
   * @throws OperatorNeededException if this relay's configuration lacks the source, or has it with
   *     other shards
   */
  public KnownSource get(ShardId id) {
    RegisteredShard known = registered().get(id);
    if (known == null) {
      throw new TransientException(
          "shard '%s' is not (or no longer) registered".formatted(id), null);
    }
    ShardSource source = configured.get(id);
    if (source == null) {
      throw new OperatorNeededException(
          "shard '%s' is registered, but not in this relay's configuration".formatted(id),
          "give all relays of the group the same shards; or drain and remove it"
              + " (sluice-relay shards drain %s)".formatted(id));
    }
    known.requireShardsOf(source);
    return new KnownSource(moved(source, known), known);
  }

  /** A move applies while the configuration contains the address that the source left. */
  private static ShardSource moved(ShardSource source, RegisteredShard registered) {
    ShardServer server = source.server();
    return registered
        .moved()
        .filter(move -> move.from().equals(server.address()))
        .map((Move move) -> source.on(server.at(move.host(), move.port())))
        .orElse(source);
  }
}
