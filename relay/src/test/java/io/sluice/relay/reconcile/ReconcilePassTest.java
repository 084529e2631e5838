package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconcilePassTest {

  private static final int MANY = 20_000;

  private static void hold(ReconcilePass pass) {
    pass.resume("z");
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
    pass.looksUp(new Range("PENDING", "", "y"));
    pass.decided(rows, new ReconcileResult(MANY, 0, 0, held, Set.of()));
    pass.decided(new Range("PENDING", "", "y"));
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
    gap.resume("zz");

    List<Range> ranges = new ArrayList<>();
    for (; gap.unread().isPresent(); gap.skip(Page.EMPTY)) {
      ranges.add(gap.unread().orElseThrow());
    }
    assertEquals(
        List.of(
            new Range("PENDING", first, "zz"),
            new Range("RETRY", first, "zz"),
            new Range("PENDING", "", first),
            new Range("RETRY", "", first)),
        ranges);
  }

  private static String id(Instant time) {
    return RowTimes.firstId(time) + "-7000-8000-000000000000";
  }

  private static Page young(String first) {
    return new Page(1, List.of(), Optional.empty(), Optional.of(first));
  }

  private static String begin(ReconcilePass pass, String end) {
    pass.resume(end);
    return pass.unread().map(Range::after).orElse("");
  }

  private static void skipAll(ReconcilePass pass, Page page) {
    while (pass.unread().isPresent()) {
      pass.skip(page);
    }
    pass.rest();
  }

  /** The server may keep index entries of all the rows that were handled since. */
  @Test
  void idsWithoutUnfinishedRowsAreNotReadAgain() {
    Instant now = Instant.parse("2026-05-05T12:00:00Z");
    ReconcilePass pass = ReconcilePass.ofAllSettled(TestTimings.RECONCILE);
    assertEquals("", begin(pass, id(now)));
    skipAll(pass, Page.EMPTY);
    assertEquals("", begin(pass, id(now.plusSeconds(30))), "transactions may have been open");
    skipAll(pass, Page.EMPTY);

    String begin = begin(pass, id(now.plusSeconds(60)));
    assertTrue(begin.compareTo(id(now.minusSeconds(1))) > 0, begin);
    assertTrue(begin.compareTo(id(now)) <= 0, begin);
  }

  @Test
  void aRowThatIsTooYoungIsNotPassedOver() {
    Instant now = Instant.parse("2026-05-05T12:00:00Z");
    ReconcilePass pass = ReconcilePass.ofAllSettled(TestTimings.RECONCILE);
    String young = id(now.minusSeconds(100));
    for (int rest = 0; rest < 3; rest++) {
      begin(pass, id(now.plusSeconds(30L * rest)));
      skipAll(pass, young(young));
    }

    String begin = begin(pass, id(now.plusSeconds(90)));
    assertTrue(begin.compareTo(young) < 0, begin);
    assertTrue(begin.compareTo(id(now.minusSeconds(101))) > 0, begin);
  }

  @Test
  void idsInNoOrderAreReadAgain() {
    ReconcilePass pass = ReconcilePass.ofAllSettled(TestTimings.RECONCILE);
    for (int rest = 0; rest < 3; rest++) {
      assertEquals("", begin(pass, "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"));
      skipAll(pass, Page.EMPTY);
    }
  }

  @Test
  void rowsThatWereLookedUpAreDecidedInRangesAsLargeAsPossible() {
    ReconcilePass pass = ReconcilePass.ofAllSettled(TestTimings.RECONCILE);
    pass.resume("z");
    pass.looksUp(new Range("PENDING", "", "c"));
    pass.looksUp(new Range("PENDING", "c", "m"));

    assertEquals(Optional.of(new Range("PENDING", "m", "z")), pass.unread());
    assertEquals(Optional.of(new Range("PENDING", "", "m")), pass.undecided());
    pass.decided(new Range("PENDING", "", "d"));
    assertEquals(Optional.of(new Range("PENDING", "d", "m")), pass.undecided());
  }

  @Test
  void rowsThatWereNotDecidedAreLookedUpAgain() {
    ReconcilePass pass = ReconcilePass.ofAllSettled(TestTimings.RECONCILE);
    pass.resume("z");
    pass.looksUp(new Range("PENDING", "", "m"));
    pass.decided(new Range("PENDING", "", "d"));
    pass.lookUpAgain();

    assertEquals(Optional.empty(), pass.undecided());
    assertEquals(Optional.of(new Range("PENDING", "d", "m")), pass.unread());
  }
}
