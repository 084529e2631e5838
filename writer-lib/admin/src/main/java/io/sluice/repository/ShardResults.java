package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Results of a query of several shards. A failed shard does not affect the others.
 *
 * @param values results of the shards that answered, ordered by name
 * @param failures of the other shards
 */
public record ShardResults<T>(Map<ShardId, T> values, Map<ShardId, RepositoryException> failures) {

  public ShardResults {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  /**
   * Fails if a shard has failed, for callers that need all results.
   *
   * @return these results
   * @throws RepositoryException the first failure, with the others suppressed
   */
  public ShardResults<T> orThrow() {
    RepositoryException first = null;
    for (RepositoryException failure : failures.values()) {
      if (first == null) {
        first = failure;
      } else {
        first.addSuppressed(failure);
      }
    }
    if (first != null) {
      throw first;
    }
    return this;
  }
}
