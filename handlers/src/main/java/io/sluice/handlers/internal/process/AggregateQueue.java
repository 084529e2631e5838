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
 * The events of one aggregate in their order, of which only the first is worked on. Owned by the
 * domain's thread.
 */
final class AggregateQueue {

  private final AggregateKey aggregate;
  private final Deque<InFlightEvent> events = new ArrayDeque<>();
  // Those that let the others pass until their next attempt.
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
   * Adds an event at the end; one that was redriven before those that were written after it.
   *
   * @return the event right before it, if there is one
   */
  @Nullable InFlightEvent add(InFlightEvent event) {
    List<InFlightEvent> later = event.redrives() > 0 ? removeLater(event) : List.of();
    InFlightEvent before = events.peekLast();
    events.addLast(event);
    events.addAll(later);
    return before;
  }

  private List<InFlightEvent> removeLater(InFlightEvent redriven) {
    return removeFrom(events, event -> event.isLaterThan(redriven) && !event.isOutstanding());
  }

  /**
   * Puts the head behind those that were redriven and written before it.
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

  boolean isHead(InFlightEvent event) {
    return events.peekFirst() == event;
  }

  void removeHead() {
    events.removeFirst();
  }

  /** The head lets the others pass until {@link #bringBack}. */
  void setHeadAside() {
    aside.add(events.removeFirst());
  }

  /** Puts an event that was set aside before the others; one that was not stays where it is. */
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

  /** The head takes long: what comes behind it is deferred. */
  void holdUp() {
    holdsUp = head();
  }

  boolean isHeldUp() {
    InFlightEvent head = head();
    return head != null && head == holdsUp && head.isOutstanding();
  }

  /** Whether none behind the head has to be looked at to defer them all. */
  boolean areFollowersDeferred() {
    return followersDeferred;
  }

  void followersDeferred(boolean value) {
    followersDeferred = value;
  }

  /** Those behind the head. */
  List<InFlightEvent> followers() {
    return events.stream().skip(1).toList();
  }

  /** The head and those right behind it. */
  List<InFlightEvent> first(int count) {
    return events.stream().limit(count).toList();
  }

  Stream<InFlightEvent> all() {
    return Stream.concat(events.stream(), aside.stream());
  }

  boolean isEmpty() {
    return events.isEmpty() && aside.isEmpty();
  }

  /**
   * Removes all of a kind.
   *
   * @return what was removed
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
