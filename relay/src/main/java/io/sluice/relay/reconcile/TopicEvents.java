package io.sluice.relay.reconcile;

import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.state.EventCopy;
import java.time.Instant;
import java.util.Optional;

/** The events of many rows that are looked up on one topic. Used by one thread. */
final class TopicEvents {

  /** Is on the topic near the time of its row, or further back. */
  private static final byte SOUGHT = 1;

  /** Is not on the topic, if it is not near the time of its row. */
  private static final byte UNREAD = 2;

  /** Was never published, because its row has no time. */
  private static final byte UNDATED = 3;

  private static final byte FOUND = 4;

  private final EventSet events = new EventSet();
  private Optional<Instant> oldest = Optional.empty();
  private int sought;
  private int unread;
  private boolean isRead;
  private Optional<Instant> completeSince = Optional.empty();

  /** What is known about a row. */
  enum Verdict {
    /** Its event is on the topic. */
    FOUND,
    /** Its event was never on the topic. */
    MISSING,
    /** Its event is not on the topic, which may have deleted it. */
    UNDECIDED,
    /** The topic could not be read. */
    UNREADABLE,
    /** The row was not looked up. */
    UNKNOWN
  }

  /**
   * Adds a row.
   *
   * @param isUnread whether the event is certainly not on the topic if it is not found at its time
   */
  void add(Candidate row, boolean isUnread) {
    if (events.get(row.event()) != EventSet.ABSENT) {
      return;
    }
    if (row.times().createdAt().isEmpty()) {
      events.put(row.event(), UNDATED);
      return;
    }
    events.put(row.event(), isUnread ? UNREAD : SOUGHT);
    unread += isUnread ? 1 : 0;
    sought += isUnread ? 0 : 1;
    Instant from = row.times().searchFrom();
    oldest = oldest.filter(known -> known.isBefore(from)).or(() -> Optional.of(from));
  }

  int size() {
    return events.size();
  }

  /** The time of the oldest row; empty if no event can be on the topic. */
  Optional<Instant> oldest() {
    return oldest;
  }

  /** Records that an event is on the topic. */
  void found(EventCopy event) {
    byte mark = events.get(event);
    if (mark == SOUGHT || mark == UNREAD || mark == UNDATED) {
      sought -= mark == SOUGHT ? 1 : 0;
      unread -= mark == UNREAD ? 1 : 0;
      events.put(event, FOUND);
    }
  }

  /** Whether all events were found. */
  boolean areFound() {
    return sought + unread == 0;
  }

  /** Whether no event is to be looked for before the time of its row. */
  boolean areNear() {
    return sought == 0;
  }

  /**
   * Records that the topic was read to its end.
   *
   * @param since the time from which on no record was deleted; empty if there is no such topic
   */
  void read(Optional<Instant> since) {
    isRead = true;
    completeSince = since;
  }

  Verdict verdict(Candidate row) {
    byte mark = events.get(row.event());
    if (mark == EventSet.ABSENT) {
      return Verdict.UNKNOWN;
    }
    if (mark == FOUND) {
      return Verdict.FOUND;
    }
    if (!isRead) {
      return Verdict.UNREADABLE;
    }
    if (completeSince.isEmpty()) {
      // An earlier configuration may have published the rows to another topic.
      return Verdict.UNDECIDED;
    }
    boolean isComplete =
        mark == UNDATED || !row.times().recordSince().isBefore(completeSince.get());
    return isComplete ? Verdict.MISSING : Verdict.UNDECIDED;
  }
}
