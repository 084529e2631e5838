package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.util.Objects;
import java.util.UUID;

/**
 * Where an event's row is. An id alone does not say: each shard has a table of its own.
 *
 * <p>The writer gives an event a {@link UUID}. What is read back from a table or a topic has the id
 * as text, here and wherever a row's id is told, for rows that others wrote may have ids that are
 * no UUID, or one in upper case, and the table tells these apart.
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
