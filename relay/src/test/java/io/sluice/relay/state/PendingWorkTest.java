package io.sluice.relay.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingWorkTest {

  private static final ShardId SHARD = ShardId.of("s");

  private final AwaitCommit first = new AwaitCommit(SHARD, "first", "xid");
  private final AwaitCommit second = new AwaitCommit(SHARD, "second", "xid");
  private final PendingWork pendingWork = new PendingWork(List.of(first, second));

  @Test
  void waitsUntilFewEnoughAreOpen() throws InterruptedException {
    assertFalse(pendingWork.awaitAtMost(1, AwaitCommit.class, Duration.ofMillis(1)));
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(() -> pendingWork.removeAll(List.of(first)));

    assertTrue(pendingWork.awaitAtMost(1, AwaitCommit.class, Duration.ofMinutes(1)));
    done.join();
  }

  @Test
  void itemsOfAnotherKindAreIgnored() throws InterruptedException {
    assertTrue(pendingWork.awaitAtMost(0, MarkFailed.class, Duration.ofMinutes(1)));
  }

  @Test
  void markingOneCopyOfAnEventLeavesTheNextOneOpen() {
    MarkFailed before = new MarkFailed(SHARD, "event", Optional.of(EventCopy.FIRST), "why");
    MarkFailed redriven = new MarkFailed(SHARD, "event", Optional.of("1"), "why");
    PendingWork open = new PendingWork(List.of(before, redriven));

    open.removeAll(List.of(before));

    assertEquals(List.of(redriven), open.of(MarkFailed.class));
  }
}
