package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of asking several shards. One that does not answer hides none of the others.
 *
 * @param values of the shards that answered, in the order of their names
 * @param failures of those that did not
 */
public record ShardResults<T>(Map<ShardId, T> values, Map<ShardId, RepositoryException> failures) {

  public ShardResults {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  /**
   * These results, for callers who can do nothing with a part of them.
   *
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
