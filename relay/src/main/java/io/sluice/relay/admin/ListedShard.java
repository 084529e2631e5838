package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.RegisteredShard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A shard of a group, or several that share an engine.
 *
 * @param id its name
 * @param shards the shards that share its engine
 * @param address its server in this configuration; empty if it is not configured here
 * @param registered its registration; empty if it is only configured
 * @param owner the relay that owns it; empty if none
 * @param position up to which it was published, or why that is unknown
 */
public record ListedShard(
    ShardId id,
    List<ShardId> shards,
    Optional<String> address,
    Optional<RegisteredShard> registered,
    Optional<Owner> owner,
    String position) {

  /** All shards of a group; those that are registered come first. */
  public static List<ListedShard> all(RelayGroup group) {
    Map<ShardId, RegisteredShard> registered = group.registered();
    Map<Integer, Owner> owners = group.owners();
    List<ListedShard> all = new ArrayList<>();
    try (PositionReader positions = PositionReader.open(group.config().kafka())) {
      for (RegisteredShard shard : registered.values()) {
        all.add(
            new ListedShard(
                shard.id(),
                shard.shards(),
                group.configured(shard.id()).map(source -> source.server().address()),
                Optional.of(shard),
                Optional.ofNullable(owners.get(shard.partition())),
                position(group, shard, positions)));
      }
    }
    for (ShardSource source : group.config().shards()) {
      if (!registered.containsKey(source.id())) {
        all.add(
            new ListedShard(
                source.id(),
                source.shards(),
                Optional.of(source.server().address()),
                Optional.empty(),
                Optional.empty(),
                ""));
      }
    }
    return all;
  }

  private static String position(
      RelayGroup group, RegisteredShard shard, PositionReader positions) {
    try {
      return positions
          .read(group.state().slot(shard))
          .map(stored -> stored.position().toString())
          .orElse("lost");
    } catch (RelayException e) {
      return "unknown: " + e.getMessage();
    }
  }

  /** The phase of its registration. */
  public String phase() {
    return registered.map(shard -> shard.phase().name()).orElse("NOT_REGISTERED");
  }

  /** The last report of its owner. */
  public String state() {
    return owner.map(Owner::state).orElse("");
  }

  /**
   * The address from which it is read instead of the configured one. A move no longer applies when
   * the configuration names another address.
   */
  public Optional<String> moved() {
    return registered
        .flatMap(RegisteredShard::moved)
        .filter(move -> address.isEmpty() || address.get().equals(move.from()))
        .map(move -> move.host() + ":" + move.port());
  }
}
