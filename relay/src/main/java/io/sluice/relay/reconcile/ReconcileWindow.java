package io.sluice.relay.reconcile;

import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rows that a pass checks, by the time of their insertion.
 *
 * @param from earliest insertion
 * @param until latest insertion
 * @param gap the gap to which the rows belong; empty for all settled rows
 */
record ReconcileWindow(Instant from, Instant until, Optional<ReconcileGap> gap) {

  static ReconcileWindow of(ReconcileGap gap) {
    return new ReconcileWindow(
        gap.from()
            .filter(from -> !gap.mayLackStatuses())
            .map(from -> from.minus(RowTimes.SKEW))
            .orElse(Instant.EPOCH),
        gap.until().plus(RowTimes.SKEW),
        Optional.of(gap));
  }

  /** All rows that are older than this. */
  static ReconcileWindow settled(Duration age) {
    return new ReconcileWindow(Instant.EPOCH, Instant.now().minus(age), Optional.empty());
  }

  /** Whether a row belongs to the window. A row whose insertion has no known time does. */
  boolean contains(Candidate row) {
    return gap.isEmpty()
        ? !awaits(row)
        : isAny(row, time -> !time.isBefore(from) && !time.isAfter(until));
  }

  /**
   * Whether a row has to be checked later because it is too young. A row with a time far in the
   * future is not awaited.
   */
  boolean awaits(Candidate row) {
    return gap.isEmpty()
        && row.times().insertedAt().stream()
            .anyMatch(
                time -> time.isAfter(until) && time.isBefore(Instant.now().plus(RowTimes.SKEW)));
  }

  /**
   * Whether a row is published if it is not on its topic, even if the topic may have deleted it: it
   * was inserted after the last time up to which the binlog was read, and before reading resumed.
   * If that time is unknown, this holds for all rows up to the gap's end. Rows just outside of the
   * gap are checked too, because clocks differ, but may have been read.
   */
  boolean isWithinGap(Candidate row) {
    return gap.isPresent()
        && isAny(
            row,
            time ->
                gap.get().from().map(time::isAfter).orElse(true)
                    && !time.isAfter(gap.get().until()));
  }

  /**
   * Whether a row was certainly not read from the binlog. In a gap of statements it may have been
   * read at another time, if only {@code created_at}, which depends on zones, is within the gap.
   */
  boolean isUnread(Candidate row) {
    return isWithinGap(row) && (row.times().inId().isPresent() || !gap.get().isOfStatements());
  }

  private static boolean isAny(Candidate row, Predicate<Instant> condition) {
    List<Instant> times = row.times().insertedAt();
    return times.isEmpty() || times.stream().anyMatch(condition);
  }
}
