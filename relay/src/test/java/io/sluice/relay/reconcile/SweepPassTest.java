package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import io.sluice.relay.TestTimings;
import io.sluice.relay.reconcile.SweepPage.Candidate;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.SweepGap;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepPassTest {

  private static final int MANY = 20_000;

  private static void hold(SweepPass pass) throws SQLException {
    pass.resume(status -> Optional.of("z"));
    List<Candidate> rows =
        IntStream.range(0, MANY)
            .mapToObj(
                i ->
                    new Candidate(
                        new EventCopy("e" + i, ""),
                        "CHAT",
                        "type",
                        "room",
                        Optional.of(Instant.EPOCH),
                        Optional.of(Instant.EPOCH)))
            .toList();
    Set<EventCopy> held = rows.stream().map(Candidate::event).collect(Collectors.toSet());
    pass.decided(rows, new SweepResult(MANY, 0, 0, held, Set.of()));
    pass.read("PENDING", "y");
  }

  /** They may all belong to one topic that cannot be read for days. */
  @Test
  void manyHeldRowsDoNotBlockLaterRows() throws SQLException {
    SweepPass everything = SweepPass.ofAllSettled(TestTimings.RECONCILE);
    hold(everything);

    assertTrue(everything.unread("PENDING").isPresent());
    everything.rest();
    assertEquals(MANY, everything.retries(Integer.MAX_VALUE).size());
  }

  @Test
  void aGapEndsOnlyWhenAllHeldRowsAreDecided() throws SQLException {
    SweepPass gap =
        SweepPass.of(
            new SweepGap(ShardId.of("s"), Optional.empty(), Instant.EPOCH, "test"),
            TestTimings.RECONCILE);
    hold(gap);

    assertEquals(Optional.empty(), gap.unread("PENDING"));
    gap.rest();
    assertEquals(MANY, gap.retries(Integer.MAX_VALUE).size());
  }
}
