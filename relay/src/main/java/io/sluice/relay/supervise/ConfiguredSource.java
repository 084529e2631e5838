package io.sluice.relay.supervise;

import io.sluice.relay.shard.ShardSource;
import java.util.Optional;

/**
 * A source as the configuration has it.
 *
 * @param source where it is
 * @param weight how much of a relay's capacity it takes, relative to others
 * @param pinnedTo the relay that is to own it whenever it runs
 */
public record ConfiguredSource(ShardSource source, int weight, Optional<String> pinnedTo) {

  /** One like any other. */
  public static ConfiguredSource of(ShardSource source) {
    return new ConfiguredSource(source, 1, Optional.empty());
  }
}
