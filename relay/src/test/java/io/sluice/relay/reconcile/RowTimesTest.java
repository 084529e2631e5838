package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTimesTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");

  private static RowTimes times(Instant createdAt, Optional<Instant> inId) {
    return new RowTimes(Optional.of(createdAt), inId, Optional.empty(), NOW);
  }

  /** The examples of RFC 9562, appendix A. */
  @Test
  void readsTheTimeInAnId() {
    Instant time = Instant.parse("2022-02-22T19:22:22Z");

    assertEquals(Optional.of(time), RowTimes.inId("C232AB00-9414-11EC-B3C8-9F6BDECED846"));
    assertEquals(Optional.of(time), RowTimes.inId("1EC9414C-232A-6B00-B3C8-9F6BDECED846"));
    assertEquals(Optional.of(time), RowTimes.inId("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
    assertEquals(Optional.empty(), RowTimes.inId("919108F7-52D1-4320-9BAC-F847DB4148A8"));
    assertEquals(Optional.empty(), RowTimes.inId("order-17"));
    assertEquals(Optional.empty(), RowTimes.inId("17F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
    assertTrue("017f22e2-79b0-7cc3-98c4-dc0c0c07398f".startsWith(RowTimes.firstId(time)));
  }

  @Test
  void aTimeOfAnotherZoneCountsLessThanThatInTheId() {
    Instant ahead = NOW.plus(Duration.ofHours(13));

    RowTimes known = times(ahead, Optional.of(NOW));
    assertEquals(List.of(NOW), known.insertedAt());
    assertEquals(NOW, known.searchFrom());
    assertEquals(NOW, known.recordSince());
    RowTimes unknown = times(ahead, Optional.empty());
    assertEquals(List.of(), unknown.insertedAt());
    assertEquals(Instant.EPOCH, unknown.searchFrom());
    assertEquals(Instant.EPOCH, unknown.recordSince());
  }

  @Test
  void aCopiedRowWithANewIdIsNew() {
    Instant copied = NOW.minus(Duration.ofDays(30));

    RowTimes times = times(copied, Optional.of(NOW));
    assertEquals(List.of(NOW, copied), times.insertedAt());
    assertEquals(NOW, times.searchFrom());
    assertEquals(NOW, times.recordSince());
  }

  @Test
  void anIdFromTheFutureSaysNothing() {
    RowTimes times = times(NOW, Optional.of(NOW.plus(Duration.ofDays(1))));

    assertEquals(List.of(NOW), times.insertedAt());
  }
}
