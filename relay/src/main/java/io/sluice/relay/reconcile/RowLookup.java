package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.reconcile.TopicEvents.Verdict;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.state.EventCopy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Many rows of a pass that are looked up together, so that each topic is read once for all of them.
 * Keeps only what identifies their events. Used by one thread.
 */
final class RowLookup implements AutoCloseable {

  /** A topic is read once for so many rows. */
  private static final int MAX_ROWS_OF_GAP = 1_000_000;

  /** Fewer, because a gap that is found meanwhile waits. */
  private static final int MAX_ROWS = 100_000;

  private final ReconcilePass pass;
  private final ReconcileWindow window;
  private final TopicLookup topics;
  private final LookupMemory memory;
  private final Map<String, TopicEvents> events = new HashMap<>();
  private int rows;
  private int taken;
  private @Nullable BinlogEnd end;
  private boolean isDone;
  private Predicate<EventCopy> hasWorkItem = event -> false;

  RowLookup(ReconcilePass pass, ReconcileWindow window, TopicLookup topics, LookupMemory memory) {
    this.pass = pass;
    this.window = window;
    this.topics = topics;
    this.memory = memory;
  }

  ReconcilePass pass() {
    return pass;
  }

  ReconcileWindow window() {
    return window;
  }

  /** Whether there is room for this number of rows. A few are always added. */
  boolean hasRoom(int more) {
    if (rows == 0) {
      return true;
    }
    int most = pass.gap().isPresent() ? MAX_ROWS_OF_GAP : MAX_ROWS;
    if (rows + more > most || !memory.take(more)) {
      return false;
    }
    taken += more;
    return true;
  }

  void add(List<Candidate> some) {
    for (Candidate row : some) {
      events
          .computeIfAbsent(topics.topic(row), topic -> new TopicEvents())
          .add(row, window.isUnread(row));
    }
    rows += some.size();
  }

  /** The end of the binlog after the last row was added. */
  void readBefore(BinlogEnd now) {
    end = now;
  }

  BinlogEnd end() {
    return Objects.requireNonNull(end);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Whether {@link #run} has ended. */
  boolean isDone() {
    return isDone;
  }

  /**
   * Reads each topic once.
   *
   * @param completedLater the rows that other work completes
   */
  void run(Predicate<EventCopy> completedLater) {
    hasWorkItem = completedLater;
    events.forEach(topics::find);
    isDone = true;
  }

  /** Records that the event of a missing row was published. */
  void published(Candidate row) {
    TopicEvents known = events.get(topics.topic(row));
    if (known != null) {
      known.found(row.event());
    }
  }

  Verdict verdict(Candidate row) {
    if (hasWorkItem.test(row.event())) {
      return Verdict.UNKNOWN;
    }
    TopicEvents known = events.get(topics.topic(row));
    return known == null ? Verdict.UNKNOWN : known.verdict(row);
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    memory.giveBack(taken);
    taken = 0;
  }
}
