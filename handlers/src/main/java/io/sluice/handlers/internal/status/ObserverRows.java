package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of observers, which do not access the database. Every event is new, and its state is
 * kept in memory.
 */
public final class ObserverRows implements Rows {

  @Override
  public boolean reaches(ShardId shard) {
    return true;
  }

  @Override
  public boolean havePayloads() {
    return false;
  }

  @Override
  public boolean isAway(ShardId shard) {
    return false;
  }

  @Override
  public Set<ShardId> away() {
    return Set.of();
  }

  @Override
  public void ask(ShardId shard, RowRequest request) {
    if (request instanceof RowRequest.Read read) {
      RowState row = read.known().orElseGet(() -> newRow(read));
      read.answer().accept(Optional.of(FoundRow.Present.withoutPayload(row)));
    } else if (request instanceof RowRequest.Write write) {
      write.answer().accept(Optional.of(write.update().before().after(write.update())));
    } else if (request instanceof RowRequest.FailedHeads heads) {
      heads.answer().accept(Map.of());
    } else if (request instanceof RowRequest.Park park) {
      park.answer().accept(new RowRequest.ParkAnswer.HeadDone());
    } else if (request instanceof RowRequest.Probe probe) {
      probe.answer().run();
    }
  }

  private static RowState newRow(RowRequest.Read read) {
    return new RowState(
        OutboxStatus.PENDING,
        0,
        read.maxRetries(),
        read.redrives(),
        Instant.EPOCH,
        Optional.empty());
  }

  @Override
  public void callBegun(ShardId shard) {}

  @Override
  public void callEnded(ShardId shard) {}

  @Override
  public void close() {}
}
