package io.sluice.handlers;

import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardId;
import java.util.Set;

/** Rows in memory. Tests override the methods that they observe. */
public class DelegatingRows implements Rows {

  private final Rows rows = new ObserverRows();

  @Override
  public boolean reaches(ShardId shard) {
    return rows.reaches(shard);
  }

  @Override
  public boolean havePayloads() {
    return rows.havePayloads();
  }

  @Override
  public boolean isAway(ShardId shard) {
    return rows.isAway(shard);
  }

  @Override
  public Set<ShardId> away() {
    return rows.away();
  }

  @Override
  public void ask(ShardId shard, RowRequest request) {
    rows.ask(shard, request);
  }

  @Override
  public void callBegun(ShardId shard) {}

  @Override
  public void callEnded(ShardId shard) {}

  @Override
  public void close() {}
}
