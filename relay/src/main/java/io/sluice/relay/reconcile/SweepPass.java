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
 * How far a table has been compared, for one gap or for everything that is settled. Every row is
 * judged once; only those that could not be judged, because somebody holds them or their topic is
 * in trouble, are judged again, after a rest in which others may be swept. Of one thread alone.
 */
final class SweepPass {

  static final List<String> STATUSES = List.of("PENDING", "RETRY");

  /**
   * Kept in memory to be judged again. With so many, a gap's pass reads no others before these; one
   * over everything leaves more of them to the next.
   */
  private static final int MOST_LEFT = 20_000;

  private static final Duration HELD_LATER = Duration.ofMinutes(1);
  private static final Duration FOR_OPERATOR = Duration.ofMinutes(5);

  private final Optional<SweepGap> gap;
  private final ReconcileTimings timings;
  private final long begunAt = System.nanoTime();

  private final Map<String, String> seenUpTo = new HashMap<>();
  private final Map<String, String> ends = new HashMap<>();
  private final Map<EventCopy, Candidate> again = new LinkedHashMap<>();
  private final Map<EventCopy, Candidate> left = new LinkedHashMap<>();
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

  /** It is about; empty if about everything. */
  Optional<SweepGap> gap() {
    return gap;
  }

  /** What it came to so far. */
  SweepResult total() {
    return total;
  }

  boolean isDue() {
    return !isResting || System.nanoTime() - restsUntil >= 0;
  }

  /** Whether it has been through all there was, and is older than this. */
  boolean isOver(Duration age) {
    return isResting && System.nanoTime() - begunAt > age.toNanos();
  }

  /** Finds the last id with a status; empty if there is none. */
  interface Ends {
    Optional<String> last(String status) throws SQLException;
  }

  /**
   * Goes on after a rest. What is written from now on is not its business, or on a busy shard it
   * would never come to its end.
   */
  void goOn(Ends present) throws SQLException {
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

  /** Of the rows that could not be judged before the rest, so many. */
  List<Candidate> again(int most) {
    return again.values().stream().limit(most).toList();
  }

  /** Which rows to read next; empty if all with this status were read. */
  Optional<Range> unread(String status) {
    String end = ends.getOrDefault(status, "");
    boolean isFull = gap.isPresent() && left.size() >= MOST_LEFT;
    return end.isEmpty() || end.equals(seenUpTo.get(status)) || isFull
        ? Optional.empty()
        : Optional.of(new Range(Optional.ofNullable(seenUpTo.get(status)), end));
  }

  /** Notes that rows up to this one were read and judged. */
  void read(String status, String upTo) {
    seenUpTo.put(status, upTo);
  }

  /** Notes that no more of this status need be read for now. */
  void readAll(String status) {
    ends.put(status, "");
  }

  /** Notes what became of rows. */
  void judged(List<Candidate> rows, SweepResult result) {
    int repeated = 0;
    for (Candidate row : rows) {
      repeated += again.remove(row.event()) == null ? 0 : 1;
      if (isToBeJudgedAgain(row.event(), result)) {
        left.put(row.event(), row);
      }
    }
    isAnyHeld |= !result.held().isEmpty();
    total =
        new SweepResult(
            total.looked() + result.looked() - repeated,
            total.published() + result.published(),
            total.undecided() + result.undecided(),
            total.held(),
            total.refused());
  }

  /** Outside of a gap nobody waits for an operator's decision: the next pass finds the row. */
  private boolean isToBeJudgedAgain(EventCopy row, SweepResult result) {
    return gap.isPresent()
        ? result.held().contains(row) || result.refused().contains(row)
        : result.held().contains(row) && left.size() < MOST_LEFT;
  }

  /** Whether every row was judged, of those that were read. */
  boolean isAllJudged() {
    return again.isEmpty() && left.isEmpty();
  }

  /** Stops until it is worth while to go on. */
  void rest() {
    isResting = true;
    restsUntil = System.nanoTime() + pause().toNanos();
    isAnyHeld = false;
    again.putAll(left);
    left.clear();
  }

  private Duration pause() {
    if (left.isEmpty()) {
      return timings.passRest();
    }
    if (!isAnyHeld) {
      return FOR_OPERATOR;
    }
    Duration pause = nextHeld;
    nextHeld = pause.multipliedBy(2);
    nextHeld = nextHeld.compareTo(HELD_LATER) > 0 ? HELD_LATER : nextHeld;
    return pause;
  }
}
