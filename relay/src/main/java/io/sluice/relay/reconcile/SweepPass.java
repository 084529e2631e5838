package io.sluice.relay.reconcile;

import io.sluice.relay.reconcile.SweepPage.Candidate;
import io.sluice.relay.reconcile.SweepPage.Range;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.SweepGap;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of a comparison of a table, for one gap or for all settled rows. Every row is
 * decided once. Rows that could not be decided, because they are locked or their topic cannot be
 * read, are checked again after a rest, during which other passes may run. Used by one thread.
 */
final class SweepPass {

  static final List<String> STATUSES = List.of("PENDING", "RETRY");

  /**
   * Maximum rows in memory that are to be checked again. At this limit the pass of a gap reads no
   * other rows, and a pass over all settled rows leaves further ones to the next pass.
   */
  private static final int MAX_PENDING = 20_000;

  private static final Duration MAX_HELD_REST = Duration.ofMinutes(1);
  private static final Duration OPERATOR_REST = Duration.ofMinutes(5);

  private final Optional<SweepGap> gap;
  private final ReconcileTimings timings;
  private final long begunAt = System.nanoTime();

  private final Map<String, String> seenUpTo = new HashMap<>();
  private final Map<String, String> ends = new HashMap<>();
  private final Map<EventCopy, Candidate> retries = new LinkedHashMap<>();
  private final Map<EventCopy, Candidate> pending = new LinkedHashMap<>();
  private SweepResult total = SweepResult.NONE;

  private boolean isResting = true;
  private long restsUntil = System.nanoTime();
  private boolean isAnyHeld;
  private Duration nextHeld;

  private SweepPass(Optional<SweepGap> gap, ReconcileTimings timings) {
    this.gap = gap;
    this.timings = timings;
    this.nextHeld = timings.heldRest();
  }

  static SweepPass of(SweepGap gap, ReconcileTimings timings) {
    return new SweepPass(Optional.of(gap), timings);
  }

  static SweepPass ofAllSettled(ReconcileTimings timings) {
    return new SweepPass(Optional.empty(), timings);
  }

  /** The gap of this pass; empty for a pass over all settled rows. */
  Optional<SweepGap> gap() {
    return gap;
  }

  /** The result so far. */
  SweepResult total() {
    return total;
  }

  boolean isDue() {
    return !isResting || System.nanoTime() - restsUntil >= 0;
  }

  /** Whether the pass is complete and older than this. */
  boolean isOver(Duration age) {
    return isResting && System.nanoTime() - begunAt > age.toNanos();
  }

  /** Finds the last id with a status; empty if there is none. */
  interface Ends {
    Optional<String> last(String status) throws SQLException;
  }

  /**
   * Continues after a rest. Rows inserted later are not part of the pass, otherwise it would never
   * end on a busy shard.
   */
  void resume(Ends present) throws SQLException {
    if (!isResting) {
      return;
    }
    if (gap.isEmpty() || ends.isEmpty()) {
      for (String status : STATUSES) {
        ends.put(status, present.last(status).orElse(""));
      }
    }
    isResting = false;
  }

  /** Rows that could not be decided before the rest, at most {@code most}. */
  List<Candidate> retries(int most) {
    return retries.values().stream().limit(most).toList();
  }

  /** The ids to read next; empty if all rows with this status were read. */
  Optional<Range> unread(String status) {
    String end = ends.getOrDefault(status, "");
    boolean isFull = gap.isPresent() && pending.size() >= MAX_PENDING;
    return end.isEmpty() || end.equals(seenUpTo.get(status)) || isFull
        ? Optional.empty()
        : Optional.of(new Range(Optional.ofNullable(seenUpTo.get(status)), end));
  }

  /** Records that rows up to this one were read and decided. */
  void read(String status, String upTo) {
    seenUpTo.put(status, upTo);
  }

  /** Records that no more rows with this status have to be read until the next rest. */
  void readAll(String status) {
    ends.put(status, "");
  }

  /** Records the result for these rows. */
  void decided(List<Candidate> rows, SweepResult result) {
    int repeated = 0;
    for (Candidate row : rows) {
      repeated += retries.remove(row.event()) == null ? 0 : 1;
      if (isToBeRetried(row.event(), result)) {
        pending.put(row.event(), row);
      }
    }
    isAnyHeld |= !result.held().isEmpty();
    total =
        new SweepResult(
            total.checked() + result.checked() - repeated,
            total.published() + result.published(),
            total.undecided() + result.undecided(),
            total.held(),
            total.refused());
  }

  /** Refused rows are retried only in a gap. Otherwise the next pass finds them. */
  private boolean isToBeRetried(EventCopy row, SweepResult result) {
    return gap.isPresent()
        ? result.held().contains(row) || result.refused().contains(row)
        : result.held().contains(row) && pending.size() < MAX_PENDING;
  }

  /** Whether every row that was read is decided. */
  boolean isAllDecided() {
    return retries.isEmpty() && pending.isEmpty();
  }

  /** Interrupts the pass until the next attempt is due. */
  void rest() {
    isResting = true;
    restsUntil = System.nanoTime() + pause().toNanos();
    isAnyHeld = false;
    retries.putAll(pending);
    pending.clear();
  }

  private Duration pause() {
    if (pending.isEmpty()) {
      return timings.passRest();
    }
    if (!isAnyHeld) {
      return OPERATOR_REST;
    }
    Duration pause = nextHeld;
    nextHeld = pause.multipliedBy(2);
    nextHeld = nextHeld.compareTo(MAX_HELD_REST) > 0 ? MAX_HELD_REST : nextHeld;
    return pause;
  }
}
