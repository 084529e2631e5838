package io.sluice.outbox;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The {@link DataSource} of each shard. Immutable. The caller owns the data sources and closes
 * them.
 */
public final class ShardDataSources {

  private final Map<ShardId, DataSource> byShard;

  private ShardDataSources(Map<ShardId, DataSource> byShard) {
    this.byShard = byShard;
  }

  /**
   * Maps shards to data sources.
   *
   * @throws IllegalArgumentException if there is no shard, or a data source is null
   */
  public static ShardDataSources of(Map<ShardId, ? extends DataSource> byShard) {
    if (byShard.isEmpty()) {
      throw new IllegalArgumentException("no shard is configured: name at least one");
    }
    byShard.forEach((shard, source) -> requireGiven(shard, source));
    return new ShardDataSources(new TreeMap<>(byShard));
  }

  private static void requireGiven(ShardId shard, @Nullable DataSource source) {
    if (source == null) {
      throw new IllegalArgumentException(
          "the data source of shard '%s' is null: pass a data source".formatted(shard));
    }
  }

  /**
   * Returns the data source of a shard.
   *
   * @throws IllegalArgumentException if the shard is null or not configured
   */
  public DataSource get(ShardId shard) {
    DataSource found = byShard.get(Arguments.required("get(shard)", "shard", shard));
    if (found == null) {
      throw new IllegalArgumentException(
          "shard '%s' has no data source, the configured shards are %s: add it or correct the name"
              .formatted(shard, byShard.keySet()));
    }
    return found;
  }

  /** The configured shards, ordered by name. */
  public Set<ShardId> shards() {
    return Collections.unmodifiableSet(byShard.keySet());
  }
}
