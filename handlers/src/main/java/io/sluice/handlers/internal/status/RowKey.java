package io.sluice.handlers.internal.status;

import io.sluice.outbox.ShardId;
import java.util.Objects;

/** Where an event's row is. */
public record RowKey(ShardId shard, String id) {

  public RowKey {
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(id, "id");
  }
}
