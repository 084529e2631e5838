package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All shards, registered or only configured. */
public final class ShardListing {

  /** The phase of a configured shard that is not registered yet. */
  public static final String NOT_REGISTERED = "NOT_REGISTERED";

  private final RelayGroup group;

  /** Lists the shards of this group. */
  public ShardListing(RelayGroup group) {
    this.group = group;
  }

  /**
   * One shard, or several that share an engine.
   *
   * @param id its name
   * @param shards the shards that share its engine
   * @param partition in the positions topic; empty if it is not registered
   * @param phase of its registration
   * @param owner the relay that owns it; empty if none
   * @param state the last report of the owner
   * @param position up to which it was published, or why that is unknown
   * @param moved the address from which it is read instead of the configured one
   * @param isConfigured whether this configuration has it
   */
  public record ListedShard(
      ShardId id,
      List<ShardId> shards,
      Optional<Integer> partition,
      String phase,
      Optional<Owner> owner,
      String state,
      String position,
      Optional<String> moved,
      boolean isConfigured) {}

  /** All shards; those that are registered come first. */
  public List<ListedShard> rows() {
    Map<ShardId, RegisteredShard> registered = group.registered();
    Map<Integer, Owner> owners = group.owners();
    List<ListedShard> rows = new ArrayList<>();
    try (PositionReader positions = PositionReader.open(group.config().kafka())) {
      for (RegisteredShard source : registered.values()) {
        Optional<Owner> owner = Optional.ofNullable(owners.get(source.partition()));
        rows.add(row(source, owner, position(source, positions)));
      }
    }
    group.config().shards().stream()
        .filter(source -> !registered.containsKey(source.id()))
        .forEach(source -> rows.add(row(source)));
    return rows;
  }

  private ListedShard row(RegisteredShard source, Optional<Owner> owner, String position) {
    return new ListedShard(
        source.id(),
        source.shards(),
        Optional.of(source.partition()),
        source.phase().name(),
        owner,
        owner.map(Owner::state).orElse(""),
        position,
        moved(source),
        group.configured(source.id()).isPresent());
  }

  private String position(RegisteredShard source, PositionReader positions) {
    try {
      return positions
          .read(group.state().slot(source))
          .map(stored -> stored.position().toString())
          .orElse("lost");
    } catch (RelayException e) {
      return "unknown: " + e.getMessage();
    }
  }

  /** A move no longer applies when the configuration names another address. */
  private Optional<String> moved(RegisteredShard source) {
    Optional<String> configured =
        group.configured(source.id()).map(shard -> shard.server().address());
    return source
        .moved()
        .filter(move -> configured.isEmpty() || configured.get().equals(move.from()))
        .map((Move move) -> move.host() + ":" + move.port());
  }

  private static ListedShard row(ShardSource source) {
    return new ListedShard(
        source.id(),
        source.shards(),
        Optional.empty(),
        NOT_REGISTERED,
        Optional.empty(),
        "",
        "",
        Optional.empty(),
        true);
  }
}
