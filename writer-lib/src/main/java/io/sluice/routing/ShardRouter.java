package io.sluice.routing;

import io.sluice.outbox.ShardId;

/**
 * Determines the shard of a key, such as the id of a user. A service that has its own rule uses it
 * as the router:
 *
 * <pre>{@code
 * ShardRouter router = userId -> directory.shardOf(userId);
 *
 * outbox.runInTransaction(router.shard(userId), event, connection -> insert(connection, order));
 * }</pre>
 *
 * <p>{@link KeyRanges} is a router for services without a rule. Implementations are thread-safe and
 * always return the same shard for a key, because events of an aggregate are ordered only within
 * one shard.
 */
@FunctionalInterface
public interface ShardRouter {

  /** Returns the shard of a key. */
  ShardId shard(String key);
}
