package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.ShardSource;
import java.util.List;
import java.util.Optional;

/**
 * What all relays of a group know of a source.
 *
 * @param id the source's name
 * @param partition its own in the topics of positions and repairs; fixed, never computed
 * @param phase where its life stands
 * @param shards those it carries
 * @param moved another address than the configured one, if it was re-pointed
 * @param healingApproved the lost position that an operator gave up, if one did
 */
public record RegisteredShard(
    ShardId id,
    int partition,
    Phase phase,
    List<ShardId> shards,
    Optional<Move> moved,
    Optional<String> healingApproved) {

  /** Where a source's life stands. */
  public enum Phase {
    /** It is relayed. */
    ACTIVE,
    /** It is relayed up to the end its binary log had when this began. */
    DRAINING,
    /** It is no longer relayed: all there was is published. */
    DRAINED
  }

  /**
   * A change of address that holds for as long as the configuration names the old one.
   *
   * @param from host and port in the configuration
   * @param host of the server to read from instead
   * @param port of the server to read from instead
   */
  public record Move(String from, String host, int port) {}

  public RegisteredShard {
    shards = List.copyOf(shards);
  }

  /** A source that is relayed from now on. */
  public static RegisteredShard active(ShardId id, int partition, List<ShardId> shards) {
    return new RegisteredShard(
        id, partition, Phase.ACTIVE, shards, Optional.empty(), Optional.empty());
  }

  /** The same in another phase. */
  public RegisteredShard in(Phase other) {
    return new RegisteredShard(id, partition, other, shards, moved, healingApproved);
  }

  /** The same at another address. */
  public RegisteredShard at(Move move) {
    return new RegisteredShard(id, partition, phase, shards, Optional.of(move), healingApproved);
  }

  /** The same at the address the configuration names. */
  public RegisteredShard asConfigured() {
    return new RegisteredShard(id, partition, phase, shards, Optional.empty(), healingApproved);
  }

  /** The same with an operator's word that this position may be given up. */
  public RegisteredShard healing(String position) {
    return new RegisteredShard(id, partition, phase, shards, moved, Optional.of(position));
  }

  /** The same without such a word. */
  public RegisteredShard withoutApproval() {
    return new RegisteredShard(id, partition, phase, shards, moved, Optional.empty());
  }

  /**
   * Checks that the configuration has the same shards: the shards of one source share its position,
   * so none can join or leave it alone.
   *
   * @throws OperatorNeededException if it has others
   */
  public void requireShardsOf(ShardSource source) {
    List<ShardId> configured = source.shards().stream().sorted().toList();
    if (!configured.equals(shards.stream().sorted().toList())) {
      throw new OperatorNeededException(
          "source '%s' is configured with shards %s and registered with %s"
              .formatted(id, configured, shards),
          "give a new set of shards a new source id, and drain the old one"
              + " (sluice-relay shards drain %s)".formatted(id));
    }
  }
}
