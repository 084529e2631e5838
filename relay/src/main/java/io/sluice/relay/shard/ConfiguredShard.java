package io.sluice.relay.shard;

import java.util.Optional;

/**
 * A source as the configuration has it.
 *
 * @param source where it is
 * @param weight how much of a relay's capacity it takes, relative to others
 * @param pinnedTo the relay that is to own it whenever it runs
 */
public record ConfiguredShard(ShardSource source, int weight, Optional<String> pinnedTo) {

  /** One like any other. */
  public static ConfiguredShard of(ShardSource source) {
    return new ConfiguredShard(source, 1, Optional.empty());
  }
}
