package io.sluice.routing;

import io.sluice.outbox.ShardId;

/**
 * Tells which shard a key, such as the id of a user, belongs to. Where services know their shards
 * by a rule of their own, that rule is the router:
 *
 * <pre>{@code
 * ShardRouter router = userId -> directory.shardOf(userId);
 *
 * outbox.runInTransaction(router.shard(userId), event, connection -> insert(connection, order));
 * }</pre>
 *
 * <p>{@link KeyRanges} is one for keys that no rule places yet. Implementations are thread-safe,
 * and give one key the same shard each time: the events of an aggregate keep their order only in
 * one.
 */
@FunctionalInterface
public interface ShardRouter {

  /** The shard of a key. */
  ShardId shard(String key);
}
