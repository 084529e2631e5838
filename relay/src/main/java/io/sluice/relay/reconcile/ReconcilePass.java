package io.sluice.relay.reconcile;

import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.reconcile.UnfinishedRows.Page;
import io.sluice.relay.reconcile.UnfinishedRows.Range;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of a comparison of a table, for one gap or for all settled rows. Every row is
 * decided once. Rows that could not be decided, because they are locked or their topic cannot be
 * read, are checked again after a rest, during which other passes may run. Used by one thread.
 *
 * <p>A row that is not decided enters {@code pending}. A rest moves all pending rows to {@code
 * retries}. After the rest they are checked first, and leave {@code retries} or become pending
 * again.
 */
final class ReconcilePass {

  /**
   * Maximum rows in memory that are to be checked again. At this limit the pass of a gap reads no
   * other rows, and a pass over all settled rows leaves further ones to the next pass.
   */
  private static final int MAX_PENDING = 20_000;

  private static final Duration MAX_HELD_REST = Duration.ofMinutes(1);
  private static final Duration OPERATOR_REST = Duration.ofMinutes(5);

  private final Optional<ReconcileGap> gap;
  private final ReconcileTimings timings;
  private final long begunAt = System.nanoTime();

  /** By status: the last id that was read. */
  private final Map<String, String> seenUpTo = new HashMap<>();

  /** Ranges whose rows are to be looked up. */
  private final Deque<Range> unread = new ArrayDeque<>();

  /** Ranges whose rows are being looked up, or were looked up and are to be decided. */
  private final Deque<Range> undecided = new ArrayDeque<>();

  /** The last id of the table after the last rest, and after the one before. */
  private String end = "";

  private String formerEnd = "";
  private boolean isBegun;
  private final Map<EventCopy, Candidate> retries = new LinkedHashMap<>();
  private final Map<EventCopy, Candidate> pending = new LinkedHashMap<>();
  private ReconcileResult total = ReconcileResult.NONE;

  private boolean isResting = true;
  private long restsUntil = System.nanoTime();
  private boolean isAnyHeld;
  private Duration nextHeld;

  private ReconcilePass(Optional<ReconcileGap> gap, ReconcileTimings timings) {
    this.gap = gap;
    this.timings = timings;
    this.nextHeld = timings.heldRest();
  }

  static ReconcilePass of(ReconcileGap gap, ReconcileTimings timings) {
    return new ReconcilePass(Optional.of(gap), timings);
  }

  static ReconcilePass ofAllSettled(ReconcileTimings timings) {
    return new ReconcilePass(Optional.empty(), timings);
  }

  /** The gap of this pass; empty for a pass over all settled rows. */
  Optional<ReconcileGap> gap() {
    return gap;
  }

  /** The result so far. */
  ReconcileResult total() {
    return total;
  }

  boolean isResting() {
    return isResting;
  }

  boolean isDue() {
    return !isResting || System.nanoTime() - restsUntil >= 0;
  }

  /** Whether the pass is complete and older than this. */
  boolean isOver(Duration age) {
    return isResting && System.nanoTime() - begunAt > age.toNanos();
  }

  /**
   * Continues after a rest. Rows inserted later are not part of the pass, otherwise it would never
   * end on a busy shard.
   *
   * @param present the current last id of the table
   */
  void resume(String present) {
    formerEnd = end;
    end = present;
    if (gap.isEmpty() || !isBegun) {
      unread.clear();
      undecided.clear();
      for (String status : UnfinishedRows.STATUSES) {
        String seen = seenUpTo.getOrDefault(status, "");
        if (!end.isEmpty() && !end.equals(seen)) {
          unread.add(new Range(status, seen, end));
        }
      }
      gap.flatMap(ReconcileGap::from).ifPresent(this::beginWithin);
    }
    isBegun = true;
    isResting = false;
  }

  /** Puts the ids that contain a time since the gap's begin before all others. */
  private void beginWithin(Instant from) {
    String first = RowTimes.firstId(from.minus(RowTimes.SKEW));
    List<Range> before = List.copyOf(unread);
    unread.clear();
    before.forEach(range -> unread.add(new Range(range.status(), first, range.upTo())));
    before.forEach(
        range ->
            unread.add(
                new Range(
                    range.status(),
                    range.after(),
                    first.compareTo(range.upTo()) < 0 ? first : range.upTo())));
  }

  /** Rows that could not be decided before the rest, at most {@code most}. */
  List<Candidate> retries(int most) {
    return retries.values().stream().limit(most).toList();
  }

  /** The ids to look up next; empty if there are none. */
  Optional<Range> unread() {
    return isFull() ? Optional.empty() : Optional.ofNullable(unread.peek());
  }

  private boolean isFull() {
    return gap.isPresent() && pending.size() >= MAX_PENDING;
  }

  /** Records that the rows of a part of {@link #unread} are looked up. */
  void looksUp(Range part) {
    Range whole = unread.remove();
    if (!whole.upTo().equals(part.upTo())) {
      unread.addFirst(new Range(part.status(), part.upTo(), whole.upTo()));
    }
    Range before = undecided.peekLast();
    if (before != null
        && before.status().equals(part.status())
        && before.upTo().equals(part.after())) {
      undecided.removeLast();
      undecided.addLast(new Range(part.status(), before.after(), part.upTo()));
    } else {
      undecided.addLast(part);
    }
  }

  /**
   * Records that no more rows of the present range have to be looked up until the next rest.
   *
   * @param rest the rows that are left, all too young
   */
  void skip(Page rest) {
    Range range = unread.poll();
    if (range != null && gap.isEmpty()) {
      passOver(range, rest.first().orElse(formerEnd));
    }
  }

  /** The ids to decide next; empty if there are none. */
  Optional<Range> undecided() {
    return isFull() ? Optional.empty() : Optional.ofNullable(undecided.peek());
  }

  /** Lets all rows that were looked up and not decided be looked up again. */
  void lookUpAgain() {
    while (!undecided.isEmpty()) {
      unread.addFirst(undecided.removeLast());
    }
  }

  /**
   * Lets later reads begin after ids without unfinished rows, because the index may still have the
   * entries of millions of handled rows there. Only ids that begin with the time are passed over,
   * and those since the last rest only before a row that is too young: an earlier transaction may
   * not be committed yet.
   */
  private void passOver(Range range, String first) {
    if (RowTimes.isOrdered(first) && RowTimes.isOrdered(formerEnd)) {
      String before = first.substring(0, first.length() - 1);
      String passed = before.compareTo(formerEnd) < 0 ? before : formerEnd;
      seen(range.status(), passed);
    }
  }

  /** Records the result for rows. */
  void decided(List<Candidate> rows, ReconcileResult result) {
    int repeated = 0;
    for (Candidate row : rows) {
      repeated += retries.remove(row.event()) == null ? 0 : 1;
      if (isToBeRetried(row.event(), result)) {
        pending.put(row.event(), row);
      }
    }
    isAnyHeld |= !result.held().isEmpty();
    total =
        new ReconcileResult(
            total.checked() + result.checked() - repeated,
            total.published() + result.published(),
            total.undecided() + result.undecided(),
            total.held(),
            total.refused());
  }

  /** Records that a part of {@link #undecided} is decided. */
  void decided(Range part) {
    seen(part.status(), part.upTo());
    Range whole = undecided.remove();
    if (!whole.upTo().equals(part.upTo())) {
      undecided.addFirst(new Range(part.status(), part.upTo(), whole.upTo()));
    }
  }

  private void seen(String status, String upTo) {
    seenUpTo.merge(status, upTo, (seen, now) -> now.compareTo(seen) > 0 ? now : seen);
  }

  /** A refused row outside of gaps is left to the next pass: each try reads its topic again. */
  private boolean isToBeRetried(EventCopy row, ReconcileResult result) {
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
    lookUpAgain();
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
