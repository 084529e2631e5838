package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.util.Objects;
import java.util.UUID;

/**
 * Identifies an event's row. An id alone is not enough, because each shard has its own table.
 *
 * <p>The writer gives an event a {@link UUID}. Ids that are read from a table or a topic are text:
 * rows of other producers may have ids that are no UUID, or a UUID in upper case, which is a
 * different id to the table.
 *
 * @param shard whose table has the row
 * @param id as stored
 */
public record EventKey(ShardId shard, String id) {

  public EventKey {
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(id, "id");
  }

  /** The key of an event that was written to this shard. */
  public EventKey(ShardId shard, UUID id) {
    this(shard, id.toString());
  }

  @Override
  public String toString() {
    return "event %s of shard '%s'".formatted(id, shard);
  }
}
