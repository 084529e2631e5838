package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.util.Objects;
import java.util.UUID;

/**
 * Where an event's row is. An id alone does not say: each shard has a table of its own.
 *
 * @param shard whose table has it
 * @param id as it stands in the row
 */
public record EventKey(ShardId shard, String id) {

  public EventKey {
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(id, "id");
  }

  /** The key of an event that was written into this shard. */
  public EventKey(ShardId shard, UUID id) {
    this(shard, id.toString());
  }

  @Override
  public String toString() {
    return "event %s of shard '%s'".formatted(id, shard);
  }
}
