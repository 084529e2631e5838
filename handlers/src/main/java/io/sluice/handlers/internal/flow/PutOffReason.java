package io.sluice.handlers.internal.flow;

import io.sluice.outbox.ShardId;
import java.util.Optional;

/**
 * Why events were put off: those of one reason are read again together.
 *
 * @param shard that does not answer; none where events wait for a time
 */
public record PutOffReason(Optional<ShardId> shard) {

  /** They wait for a time, such as that of their next attempt. */
  public static final PutOffReason WAIT = new PutOffReason(Optional.empty());

  /** Their shard does not answer. */
  public static PutOffReason away(ShardId shard) {
    return new PutOffReason(Optional.of(shard));
  }
}
