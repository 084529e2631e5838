package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.TestTimings;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.reconcile.UnfinishedRows.Page;
import io.sluice.relay.reconcile.UnfinishedRows.Range;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconcilePassTest {

  private static final int MANY = 20_000;

  private static void hold(ReconcilePass pass) {
    pass.resume(Map.of("PENDING", "z", "RETRY", "z"));
    List<Candidate> rows =
        IntStream.range(0, MANY)
            .mapToObj(
                i ->
                    new Candidate(
                        new EventCopy("e" + i, ""),
                        "CHAT",
                        "type",
                        "room",
                        new RowTimes(
                            Optional.of(Instant.EPOCH),
                            Optional.empty(),
                            Optional.empty(),
                            Instant.EPOCH)))
            .toList();
    Set<EventCopy> held = rows.stream().map(Candidate::event).collect(Collectors.toSet());
    pass.decided(
        new Page(MANY, rows, Optional.of(new Range("PENDING", "", "y"))),
        new ReconcileResult(MANY, 0, 0, held, Set.of()));
  }

  /** They may all belong to one topic that cannot be read for days. */
  @Test
  void manyHeldRowsDoNotBlockLaterRows() {
    ReconcilePass everything = ReconcilePass.ofAllSettled(TestTimings.RECONCILE);
    hold(everything);

    assertEquals(Optional.of(new Range("PENDING", "y", "z")), everything.unread());
    everything.rest();
    assertEquals(MANY, everything.retries(Integer.MAX_VALUE).size());
  }

  @Test
  void aGapEndsOnlyWhenAllHeldRowsAreDecided() {
    ReconcilePass gap =
        ReconcilePass.of(
            new ReconcileGap(ShardId.of("s"), Optional.empty(), Instant.EPOCH, "test"),
            TestTimings.RECONCILE);
    hold(gap);

    assertEquals(Optional.empty(), gap.unread());
    gap.rest();
    assertEquals(MANY, gap.retries(Integer.MAX_VALUE).size());
  }

  /** Handlers that are slow may leave millions of rows before those of the gap. */
  @Test
  void theIdsOfAGapComeBeforeOlderOnes() {
    Instant from = Instant.parse("2026-05-05T12:00:00Z");
    ReconcilePass gap =
        ReconcilePass.of(
            new ReconcileGap(ShardId.of("s"), Optional.of(from), from, "test"),
            TestTimings.RECONCILE);
    String first = RowTimes.firstId(from.minus(Duration.ofHours(1)));
    gap.resume(Map.of("PENDING", "zz", "RETRY", "0"));

    List<Range> ranges = new ArrayList<>();
    for (; gap.unread().isPresent(); gap.skip()) {
      ranges.add(gap.unread().orElseThrow());
    }
    assertEquals(
        List.of(
            new Range("PENDING", first, "zz"),
            new Range("RETRY", first, "0"),
            new Range("PENDING", "", first),
            new Range("RETRY", "", "0")),
        ranges);
  }
}
