package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.AggregateKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The in-flight events of one aggregate in order. Only the head is processed. Owned by the domain's
 * thread.
 */
final class AggregateQueue {

  private final AggregateKey aggregate;
  private final Deque<InFlightEvent> events = new ArrayDeque<>();
  // Deferred events that the other events may overtake until their next attempt.
  private final List<InFlightEvent> aside = new ArrayList<>();
  private @Nullable InFlightEvent holdsUp;
  private boolean followersDeferred;

  AggregateQueue(AggregateKey aggregate) {
    this.aggregate = aggregate;
  }

  AggregateKey aggregate() {
    return aggregate;
  }

  /**
   * Adds an event at the end. A redriven event is inserted before the events that were written
   * after it.
   *
   * @return the event directly before it, if there is one
   */
  @Nullable InFlightEvent add(InFlightEvent event) {
    event.queue(this);
    List<InFlightEvent> later = event.redrives() > 0 ? removeLater(event) : List.of();
    InFlightEvent before = events.peekLast();
    if (before != null) {
      before.followed();
    }
    if (!later.isEmpty()) {
      event.followed();
    }
    events.addLast(event);
    events.addAll(later);
    return before;
  }

  private List<InFlightEvent> removeLater(InFlightEvent redriven) {
    return removeFrom(events, event -> event.isLaterThan(redriven) && !event.isOutstanding());
  }

  /**
   * Moves redriven events that were written before the head in front of it.
   *
   * @return whether there are any
   */
  boolean letRedrivenPass() {
    InFlightEvent head = events.removeFirst();
    List<InFlightEvent> redriven =
        removeFrom(events, event -> event.redrives() > 0 && head.isLaterThan(event));
    events.addFirst(head);
    for (int last = redriven.size() - 1; last >= 0; last--) {
      events.addFirst(redriven.get(last));
    }
    return !redriven.isEmpty();
  }

  @Nullable InFlightEvent head() {
    return events.peekFirst();
  }

  /** The last event; the head if it is the only one. */
  @Nullable InFlightEvent last() {
    return events.peekLast();
  }

  boolean isHead(InFlightEvent event) {
    return events.peekFirst() == event;
  }

  void removeHead() {
    events.removeFirst();
  }

  /**
   * Removes the head from the order until {@link #bringBack}, so that the other events can overtake
   * it.
   */
  void setHeadAside() {
    aside.add(events.removeFirst());
  }

  /**
   * Returns an event that was set aside to the front, but never before an outstanding head. Does
   * nothing for other events.
   */
  void bringBack(InFlightEvent event) {
    if (!aside.remove(event)) {
      return;
    }
    InFlightEvent head = events.peekFirst();
    if (head != null && head.isOutstanding()) {
      events.removeFirst();
      events.addFirst(event);
      events.addFirst(head);
    } else {
      events.addFirst(event);
    }
  }

  /** Marks the head as slow, so that the events behind it are deferred. */
  void holdUp() {
    holdsUp = head();
  }

  boolean isHeldUp() {
    InFlightEvent head = head();
    return head != null && head == holdsUp && head.isOutstanding();
  }

  /**
   * Whether all events behind the head are deferred already, so that they need not be walked again.
   * Set to false when a follower is added that is not deferred, and when the head changes.
   */
  boolean areFollowersDeferred() {
    return followersDeferred;
  }

  void followersDeferred(boolean value) {
    followersDeferred = value;
  }

  /** The events behind the head. */
  List<InFlightEvent> followers() {
    return events.stream().skip(1).toList();
  }

  /** The head and the events directly behind it, up to this count. */
  List<InFlightEvent> first(int count) {
    return events.stream().limit(count).toList();
  }

  /** The number of events in the order, without those that were set aside. */
  int length() {
    return events.size();
  }

  Stream<InFlightEvent> all() {
    return Stream.concat(events.stream(), aside.stream());
  }

  boolean isEmpty() {
    return events.isEmpty() && aside.isEmpty();
  }

  /**
   * Removes the events that match.
   *
   * @return the removed events
   */
  List<InFlightEvent> removeIf(Predicate<InFlightEvent> kind) {
    List<InFlightEvent> removed = removeFrom(events, kind);
    removed.addAll(removeFrom(aside, kind));
    return removed;
  }

  private static List<InFlightEvent> removeFrom(
      Iterable<InFlightEvent> from, Predicate<InFlightEvent> kind) {
    List<InFlightEvent> removed = new ArrayList<>();
    for (var each = from.iterator(); each.hasNext(); ) {
      InFlightEvent event = each.next();
      if (kind.test(event)) {
        each.remove();
        removed.add(event);
      }
    }
    return removed;
  }
}
