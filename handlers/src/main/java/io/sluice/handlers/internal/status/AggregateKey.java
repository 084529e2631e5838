package io.sluice.handlers.internal.status;

import io.sluice.outbox.ShardId;
import java.util.Objects;

/** Identifies an aggregate, whose events are handled one after another. */
public record AggregateKey(ShardId shard, String type, String id) {

  public AggregateKey {
    Objects.requireNonNull(shard, "shard");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(id, "id");
  }
}
