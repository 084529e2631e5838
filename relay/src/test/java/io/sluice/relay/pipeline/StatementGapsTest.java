package io.sluice.relay.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.capture.StatementInsert;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatementGapsTest {

  private final StatementGaps gaps = new StatementGaps();

  private Optional<Instant> begin(String shard, Instant time) {
    return gaps.gap(new StatementInsert(ShardId.of(shard), time)).flatMap(ReconcileGap::from);
  }

  @Test
  void insertsOfAShortTimeShareAGapUnlessTheyAreOlder() {
    Instant time = Instant.parse("2026-05-05T12:00:00Z");

    assertEquals(Optional.of(time), begin("a", time));
    assertEquals(Optional.empty(), begin("a", time.plusSeconds(1)));
    assertEquals(Optional.of(time.plusSeconds(1)), begin("b", time.plusSeconds(1)));
    assertEquals(Optional.of(time.minusSeconds(1)), begin("a", time.minusSeconds(1)));
    assertEquals(Optional.empty(), begin("a", time));
  }
}
